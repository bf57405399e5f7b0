from django.urls import path

from metrics.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:import_id>/", views.import_page, name="import"),
    path("imports/<int:import_id>/check/", views.check, name="import_check"),
    path("imports/<int:import_id>/confirm/", views.confirm, name="import_confirm"),
    path("imports/<int:import_id>/discard/", views.discard, name="import_discard"),
]
