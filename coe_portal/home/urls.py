from django.urls import path

from coe_portal.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("my/", views.my, name="my"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("healthz", views.healthz, name="healthz"),
]
