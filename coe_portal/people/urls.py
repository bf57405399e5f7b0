from django.urls import path

from coe_portal.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.index, name="index"),
    path("people/add/", views.add, name="add"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/role/", views.grant_role, name="grant_role"),
    path("people/<int:person_id>/department/", views.join_department, name="join_department"),
    path("people/<int:person_id>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<int:person_id>/reactivate/", views.reactivate, name="reactivate"),
    path("roles/<int:grant_id>/end/", views.end_role, name="end_role"),
    path("memberships/<int:membership_id>/end/", views.leave_department, name="leave_department"),
    path("departments/", views.departments, name="departments"),
    path("departments/add/", views.add_department, name="add_department"),
    path("audiences/", views.audiences, name="audiences"),
    path("audiences/add/", views.add_audience, name="add_audience"),
    path("audiences/<int:audience_id>/", views.edit_audience, name="edit_audience"),
]
