"""What a person under a legal hold wrote must not lose words either."""

from collections.abc import Sequence
from datetime import date

from coe_portal.personal import Removal, model_of
from coe_portal.privacy.models import LegalHold
from coe_portal.privacy.queries.catalogue import records
from coe_portal.privacy.sweeping import models_to_sweep, removal_of, stands_in


def holds_over(words: Sequence[str], on: date) -> list[LegalHold]:
    """Holds of a person, of every kind, in whose records these words stand."""
    removal = removal_of(words, "")
    found = LegalHold.objects.in_force(on).filter(person__isnull=False, kind="").select_related("person")
    return [hold for hold in found.order_by("pk") if removal.pattern and _stand_in_records_of(hold, removal)]


def _stand_in_records_of(hold: LegalHold, removal: Removal) -> bool:
    swept = set(models_to_sweep())
    own = (each for each in records() if each.person != "object_id" and model_of(each.model) in swept)
    return any(stands_in(each.rows(int(hold.person_id or 0)), removal) for each in own)
