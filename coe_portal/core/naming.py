"""What things of a model are called, in the language of whoever reads it."""

from django.db.models import Model
from django.utils.translation import get_language, gettext


def name_of(model: type[Model]) -> str:
    """In the singular. The catalogue has the names that Django makes of classes, too, but nobody has asked it yet."""
    return gettext(str(model._meta.verbose_name))


def name_of_many(model: type[Model]) -> str:
    """In the plural, but in the singular where Django would put an -s behind a word that is not English."""
    is_written = "verbose_name_plural" in model._meta.original_attrs
    if is_written or (get_language() or "en").startswith("en"):
        return str(model._meta.verbose_name_plural)
    return name_of(model)
