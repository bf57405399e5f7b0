from django.urls import path

from coe_portal.audiences.views import building, changes, looking

app_name = "audiences"
urlpatterns = [
    path("audiences/", looking.index, name="index"),
    path("audiences/add/", building.add, name="add"),
    path("audiences/changes/", changes.changes, name="changes"),
    path("audiences/changes/<int:run_id>/", changes.run, name="run"),
    path("audiences/follow/", changes.follow, name="follow"),
    path("audiences/<int:audience_id>/", looking.audience, name="audience"),
    path("audiences/<int:audience_id>/edit/", building.edit, name="edit"),
    path("audiences/<int:audience_id>/delete/", looking.delete, name="delete"),
    path("audiences/<int:audience_id>/members/", looking.members, name="members"),
    path("audiences/<int:audience_id>/members/export/", looking.export, name="export"),
    path("audiences/<int:audience_id>/changes/", changes.day, name="day"),
    path("people/<int:person_id>/on/", looking.person_on_day, name="person_on_day"),
]
