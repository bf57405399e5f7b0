from django.urls import path

from coe_portal.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.index, name="index"),
    path("access/", views.access, name="access"),
    path("export/", views.export, name="export"),
    path("verification/", views.verification, name="verification"),
    path("verification/now/", views.verify, name="verify"),
]
