from django.urls import path

from coe_portal.people.views import departments, members, roles

app_name = "people"
urlpatterns = [
    path("people/", members.index, name="index"),
    path("people/add/", members.add, name="add"),
    path("people/<int:person_id>/", members.person, name="person"),
    path("people/<int:person_id>/role/", roles.grant_role, name="grant_role"),
    path("people/<int:person_id>/department/", departments.join_department, name="join_department"),
    path("people/<int:person_id>/deactivate/", members.deactivate, name="deactivate"),
    path("people/<int:person_id>/reactivate/", members.reactivate, name="reactivate"),
    path("roles/", roles.roles, name="roles"),
    path("roles/export/", roles.export_roles, name="export_roles"),
    path("roles/<int:grant_id>/", roles.edit_role, name="edit_role"),
    path("roles/<int:grant_id>/end/", roles.end_role, name="end_role"),
    path("memberships/<int:membership_id>/end/", departments.leave_department, name="leave_department"),
    path("departments/", departments.departments, name="departments"),
    path("departments/add/", departments.add_department, name="add_department"),
]
