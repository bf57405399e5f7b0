from django.urls import path

from metrics.executive import views

urlpatterns = [
    path("executive/", views.executive, name="executive"),
    path("executive/report.pdf", views.executive_pdf, name="executive_pdf"),
    path("executive/seal/", views.seal, name="seal"),
    path("executive/asks/add/", views.ask_add, name="ask_add"),
    path("executive/asks/<int:ask_id>/", views.ask_decide, name="ask_decide"),
]
