from django.urls import path

from coe_portal.directory.views import imports, lists, merging, scim

app_name = "directory"
urlpatterns = [
    path("", imports.index, name="index"),
    path("merge/", merging.merge, name="merge"),
    path("scim/", scim.setup, name="scim"),
    path("sample/", lists.sample, name="sample"),
    path("<int:import_id>/", imports.import_page, name="import"),
    path("<int:import_id>/columns/", imports.columns, name="columns"),
    path("<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("<int:import_id>/leavers/", imports.leavers, name="leavers"),
    path("<int:import_id>/reopen/", imports.reopen, name="reopen"),
    path("<int:import_id>/discard/", imports.discard, name="discard"),
    path("<int:import_id>/problems/", lists.problems, name="problems"),
    path("<int:import_id>/problems/file/", lists.problems_file, name="problems_file"),
    path("<int:import_id>/rows/<slug:group>/", lists.rows, name="rows"),
]
