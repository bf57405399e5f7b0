"""Remove a text for good."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.core.naming import name_of_many
from coe_portal.guard.engine import find
from coe_portal.personal import Text, model_of
from coe_portal.privacy.actions import purging
from coe_portal.privacy.actions.holding import Held
from coe_portal.privacy.forms import PurgeForm
from coe_portal.privacy.models import Purge
from coe_portal.privacy.patterns import SHORTEST
from coe_portal.privacy.permissions import may_look_after_privacy
from coe_portal.privacy.queries.catalogue import purgeables
from coe_portal.privacy.queries.holds import blocking
from coe_portal.privacy.sweeping import count

BACKUPS_END_AFTER = timedelta(days=35)
WORDS = "words"


@require_safe
@only(may_look_after_privacy)
def purges(request: PortalRequest) -> HttpResponse:
    found = Purge.objects.select_related("asked_by").order_by("-asked_at")[:200]
    rows = [(each, _label(each), each.asked_at + BACKUPS_END_AFTER) for each in found]
    return render(request, "privacy/purges.html", {"rows": rows})


@require_safe
@only(may_look_after_privacy)
def purge(request: PortalRequest, purge_id: int) -> HttpResponse:
    found = get_object_or_404(Purge.objects.select_related("asked_by"), pk=purge_id)
    context = {
        "purge": found,
        "label": _label(found),
        "places": _places(found.found),
        "backups_end": found.asked_at + BACKUPS_END_AFTER,
    }
    return render(request, "privacy/purge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_look_after_privacy)
@recently_authenticated()
def ask(request: PortalRequest, kind: str, object_id: int) -> HttpResponse:
    """What would be removed is shown before: `check` counts, anything else removes."""
    source = purgeables().get(kind)
    texts = source.texts(object_id) if source else None
    if source is None or texts is None:
        raise Http404
    whole = source.redact is not None
    initial = {"words": "\n".join(_suspected(texts)) if whole else ""}
    form = PurgeForm(request.POST or None, initial=initial, words_needed=not whole)
    found: dict[str, int] | None = None
    if request.method == "POST" and form.is_valid():
        if "check" not in request.POST:
            return _asked(request, kind, object_id, form)
        found = count(form.cleaned_data["words"])
    context = {
        "form": form, "texts": texts, "label": source.label, "found": found, "places": _places(found or {}),
        "whole": whole,
        "holds": blocking(source.person_ids(object_id), timezone.localdate(), kind=kind),
    }  # fmt: skip
    return render(request, "privacy/ask_purge.html", context, status=422 if form.errors else 200)


def _asked(request: PortalRequest, kind: str, object_id: int, form: PurgeForm) -> HttpResponse:
    try:
        made = purging.ask(by=request.user, kind=kind, object_id=object_id, at=timezone.now(), **form.cleaned_data)
    except Held:
        messages.error(
            request,
            _(
                "A legal hold covers this text, or another one of its person in which these words stand:"
                " release it first."
            ),
        )
        return go(request, "privacy:ask_purge", kind, object_id)
    messages.success(request, _("The text is being removed everywhere. This takes less than a minute."))
    return go(request, "privacy:purge", made.pk)


def _suspected(texts: Sequence[tuple[Text, str]]) -> list[str]:
    """The words in which the guard sees a patient, as a first guess."""
    found = [text[each.start : each.end].strip() for _label, text in texts for each in find(text)]
    return list(dict.fromkeys(" ".join(words.split()) for words in found if len(words) >= SHORTEST))


def _places(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Kinds of rows in words, the most first."""
    named = [(name_of_many(model_of(label)).capitalize(), number) for label, number in found.items()]
    return sorted(named, key=lambda place: (-place[1], place[0]))


def _label(found: Purge) -> str:
    source = purgeables().get(found.kind)
    return str(source.label) if source else found.kind
