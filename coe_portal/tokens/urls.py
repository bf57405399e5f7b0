from django.urls import path

from coe_portal.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.index, name="index"),
    path("add/", views.add, name="add"),
    path("<int:token_id>/revoke/", views.revoke, name="revoke"),
]
