from django.urls import path
from django.views.generic import TemplateView

app_name = "design"
urlpatterns = [path("", TemplateView.as_view(template_name="design/index.html"), name="index")]
