from django.urls import path

from metrics.dashboards import views

urlpatterns = [
    path("", views.index, name="index"),
    path("channels/<int:channel_id>/", views.account, name="account"),
    path("channels/<int:channel_id>/days/", views.days, name="days"),
    path("channels/<int:channel_id>/days/<str:day>/", views.samples, name="samples"),
    path("channels/<int:channel_id>/export.<str:kind>", views.export, name="export"),
    path("networks/<slug:network>/", views.network, name="network"),
    path("dictionary/", views.dictionary, name="dictionary"),
    path("events/", views.events, name="events"),
    path("events/add/", views.event_add, name="event_add"),
]
