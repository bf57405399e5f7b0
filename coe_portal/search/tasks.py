from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.search import actions


@job("search.rebuild_words")
def rebuild_words() -> None:
    actions.rebuild_words()


@job("search.note_misses")
def note_misses() -> None:
    actions.note_misses(on=timezone.localdate())
