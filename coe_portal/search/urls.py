from django.urls import path

from coe_portal.search import views

app_name = "search"
urlpatterns = [
    path("", views.index, name="index"),
    path("suggestions/", views.suggestions, name="suggestions"),
]
