"""Why a return cannot be said, and what it leaves out, as sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.returns.arithmetic import COST_UNKNOWN, NO_COST, Return
from metrics.returns.models import OutcomeKind


def problem_in_words(found: Return) -> str:
    if found.problem == COST_UNKNOWN:
        return ngettext(
            "not known: the cost of %(count)d activity is missing",
            "not known: the cost of %(count)d activities is missing",
            found.spent.unknown,
        ) % {"count": found.spent.unknown}
    if found.problem == NO_COST:
        return _("not known: no cost is entered for this period, and nothing can be divided by nothing")
    return _("not known: finance has agreed on no value") if found.problem else ""


def left_out(found: Return) -> list[str]:
    """Outcomes that were counted and have no agreed value."""
    labels = dict(OutcomeKind.choices)
    return [
        _("%(count)s %(outcome)s are left out: finance has agreed on no value for them.")
        % {"count": f"{count.normalize():f}", "outcome": str(labels[kind]).lower()}
        for kind, count in found.worth.unvalued.items()
    ]
