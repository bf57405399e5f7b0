from django.urls import path

from metrics.standing import views

urlpatterns = [
    path("standing/", views.standing, name="standing"),
    path("standing/rounds/add/", views.standing_open, name="standing_open"),
    path("standing/rounds/<int:round_id>/", views.standing_round, name="standing_round"),
    path("standing/rounds/<int:round_id>/answer/", views.standing_answer, name="standing_answer"),
    path("standing/organisations/add/", views.comparator_add, name="comparator_add"),
    path("standing/organisations/<int:comparator_id>/", views.comparator_change, name="comparator_change"),
]
