from django.urls import path

from coe_portal.home.views import account, administration, departments, jobs, pages

app_name = "home"
urlpatterns = [
    path("", pages.index, name="index"),
    path("my/", pages.my, name="my"),
    path("my/account/", account.account, name="account"),
    path("people/<int:person_id>/", pages.person, name="person"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:department_id>/", departments.department, name="department"),
    path("departments/<int:department_id>/export/", departments.export, name="export"),
    path("departments/<int:department_id>/remind/", departments.remind, name="remind"),
    path("administration/", administration.administration, name="administration"),
    path("administration/jobs/", jobs.jobs, name="jobs"),
    path("administration/jobs/<int:job_id>/again/", jobs.run_again, name="run_again"),
    path("healthz", pages.healthz, name="healthz"),
]
