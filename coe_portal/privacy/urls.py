from django.urls import path

from coe_portal.privacy.views import erasures, mine, officer, purging

app_name = "privacy"
urlpatterns = [
    path("privacy/", officer.index, name="index"),
    path("privacy/holds/", officer.holds, name="holds"),
    path("privacy/holds/<int:hold_id>/release/", officer.release_hold, name="release_hold"),
    path("privacy/retention/", officer.retention, name="retention"),
    path("privacy/retention/<str:key>/", officer.change_period, name="change_period"),
    path("privacy/erasures/", erasures.erasures, name="erasures"),
    path("privacy/erasures/propose/", erasures.propose, name="propose"),
    path("privacy/erasures/<int:erasure_id>/", erasures.erasure, name="erasure"),
    path("privacy/erasures/<int:erasure_id>/confirm/", erasures.confirm, name="confirm"),
    path("privacy/erasures/<int:erasure_id>/decline/", erasures.decline, name="decline"),
    path("privacy/erasures/<int:erasure_id>/name/", erasures.release_name, name="release_name"),
    path("privacy/purges/", purging.purges, name="purges"),
    path("privacy/purges/<int:purge_id>/", purging.purge, name="purge"),
    path("privacy/purges/<str:kind>/<int:object_id>/", purging.ask, name="ask_purge"),
    path("my/account/data/", mine.my_data, name="my_data"),
    path("my/account/data/ask/", mine.ask, name="ask_for_my_data"),
    path("my/account/data/<int:export_id>/", mine.fetch, name="fetch_my_data"),
]
