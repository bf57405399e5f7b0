"""Certificates: a person's own, one by its public code, and what stands on the paper."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coe_portal.people.models import User
from training.models import Certificate


def certificates_of(person: User) -> list[Certificate]:
    return list(Certificate.objects.visible_to(person).whole().order_by("-completion__completed_at"))


def by_code(code: str) -> Certificate | None:
    return Certificate.objects.whole().filter(code=code).first()


def paper(certificate: Certificate) -> dict[str, object]:
    """What the typst template sets, all words translated and all dates written out."""
    completion = certificate.completion
    until = completion.valid_until
    return {
        "language": get_language() or "en",
        "title": _("Certificate: %(course)s") % {"course": certificate.title},
        "issuer": _("Social Media Center of Excellence, %(organisation)s")
        % {"organisation": settings.ORGANISATION_NAME},
        "heading": _("Certificate"),
        "says": _("This certifies that"),
        "holder": certificate.holder,
        "completed": _("has completed the course"),
        "course": certificate.title,
        "facts": [
            [_("Completed"), _written(completion.completed_on)],
            [_("Score"), f"{completion.score:.0f} %"],
            [_("Valid until"), _written(until) if until else _("no end")],
            [_("Version"), str(completion.version.number)],
        ],
        "check": _("Anyone can check this certificate at"),
        "url": settings.PUBLIC_URL.rstrip("/") + reverse("training:certificate", args=[certificate.code]),
    }


def _written(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
