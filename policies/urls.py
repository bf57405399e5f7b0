from django.urls import path

from policies.views import checking, reading, signatures, writing

app_name = "policies"
urlpatterns = [
    path("", reading.index, name="index"),
    path("check/", checking.check, name="check"),
    path("check/clauses/", checking.rules, name="rules"),
    path("new/", writing.new, name="new"),
    path("workspace/", writing.workspace, name="workspace"),
    path("receipts/<str:reference>/", reading.receipt, name="receipt"),
    path("<slug:slug>/", reading.policy, name="policy"),
    path("<slug:slug>/acknowledge/", reading.acknowledge, name="acknowledge"),
    path("<slug:slug>/history/", reading.history, name="history"),
    path("<slug:slug>/compare/", reading.compare, name="compare"),
    path("<slug:slug>/clauses/<slug:anchor>/", reading.clause, name="clause"),
    path("<slug:slug>/versions/<str:number>/", reading.version, name="version"),
    path("<slug:slug>/signatures/", signatures.signatures, name="signatures"),
    path("<slug:slug>/signatures/<str:number>/<str:kind>/", signatures.export, name="export"),
    path("<slug:slug>/settings/", writing.settings, name="settings"),
    path("<slug:slug>/start/", writing.start, name="start"),
    path("<slug:slug>/edit/", writing.edit, name="edit"),
    path("<slug:slug>/edit/preview/", writing.preview, name="preview"),
    path("<slug:slug>/edit/forget/", writing.forget, name="forget"),
    path("<slug:slug>/submit/", writing.submit, name="submit"),
    path("<slug:slug>/discard/", writing.discard, name="discard"),
    path("<slug:slug>/review/", writing.review, name="review"),
    path("<slug:slug>/publish/", writing.publish, name="publish"),
    path("<slug:slug>/retire/", writing.retire, name="retire"),
]
