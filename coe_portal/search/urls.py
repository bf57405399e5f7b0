from django.urls import path

from coe_portal.search.views import finding, missed, synonyms

app_name = "search"
urlpatterns = [
    path("", finding.index, name="index"),
    path("suggestions/", finding.suggestions, name="suggestions"),
    path("synonyms/", synonyms.synonyms, name="synonyms"),
    path("synonyms/new/", synonyms.new_synonym, name="new_synonym"),
    path("synonyms/<int:synonym_id>/", synonyms.edit_synonym, name="edit_synonym"),
    path("synonyms/<int:synonym_id>/remove/", synonyms.remove_synonym, name="remove_synonym"),
    path("missed/", missed.missed, name="missed"),
    path("missed/settle/", missed.settle, name="settle"),
    path("missed/reopen/", missed.reopen, name="reopen"),
]
