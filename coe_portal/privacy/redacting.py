"""Where no pattern finds words: in what a session keeps, and in what search offers to who mistypes."""

import json
import re
from urllib.parse import unquote_plus

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from coe_portal.personal import Removal
from coe_portal.search.models import SearchWord


def redact(removal: Removal) -> dict[str, int]:
    found = {"sessions.session": _sessions(removal), "search.searchword": _words(removal)}
    return {label: number for label, number in found.items() if number}


def _sessions(removal: Removal) -> int:
    """What somebody sent and was asked to show who they are before: it waits in their session, encoded twice."""
    number, store = 0, SessionStore()
    for session in Session.objects.iterator(chunk_size=1_000):
        data = session.get_decoded()
        waiting = unquote_plus(json.dumps(data.get(STATE_SESSION_KEY, ""), ensure_ascii=False))
        if re.search(removal.pattern, waiting, re.IGNORECASE):
            del data[STATE_SESSION_KEY]
            number += Session.objects.filter(pk=session.pk).update(session_data=store.encode(data))
    return number


def _words(removal: Removal) -> int:
    """Made anew from the documents that are left; one word of a name is enough to give it away."""
    single = {part.lower() for phrase in removal.words for part in re.findall(r"\w+", phrase) if len(part) > 2}
    number, _models = SearchWord.objects.filter(word__in=single).delete()
    return number
