from django.urls import path

from coe_portal.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.<str:kind>", views.export, name="export"),
    path("verify/", views.verify, name="verify"),
    path("verify.json", views.verify_json, name="verify_json"),
    path("request/", views.request_account, name="request"),
    path("add/", views.add, name="add"),
    path("<int:channel_id>/", views.channel, name="channel"),
    path("<int:channel_id>/edit/", views.edit, name="edit"),
    path("<int:channel_id>/validate/", views.validate, name="validate"),
    path("<int:channel_id>/review/", views.review, name="review"),
    path("<int:channel_id>/decide/", views.decide, name="decide"),
    path("<int:channel_id>/move/", views.move, name="move"),
    path("<int:channel_id>/publishers/", views.add_publisher, name="add_publisher"),
    path("<int:channel_id>/publishers/<int:publisher_id>/end/", views.end_publisher, name="end_publisher"),
]
