from django.urls import path

from metrics.collection import views

urlpatterns = [
    path("collection/", views.collection, name="collection"),
    path("collection/channels/<int:channel_id>/", views.channel_collection, name="channel_collection"),
    path("collection/channels/<int:channel_id>/now/", views.collect_now, name="collect_now"),
    path("collection/channels/<int:channel_id>/enter/", views.enter_figure, name="enter_figure"),
]
