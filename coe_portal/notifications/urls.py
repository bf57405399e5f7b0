from django.urls import path

from coe_portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.index, name="index"),
    path("read/", views.mark_read, name="mark_read"),
    path("off/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
