from django.urls import path

from coe_portal.reminders import views

app_name = "reminders"
urlpatterns = [path("", views.settings, name="settings")]
