from django.conf import settings
from django.urls import path

from coe_portal.design import views

app_name = "design"
urlpatterns = [
    path("appearance/", views.appearance, name="appearance"),
    path("language/", views.language, name="language"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("", views.guide, name="index")]
