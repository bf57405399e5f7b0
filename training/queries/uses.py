"""Which courses and programmes are, or on a day were, for an audience."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import AudienceUse
from coe_portal.people.models import User
from coe_portal.people.queries import for_audiences
from training.models import Assignment, Course, CourseVersion, Programme

COURSES, ORDERS, PROGRAMMES = _("Courses"), _("Orders to take a course"), _("Programmes")


def audience_uses(audience_ids: Collection[int], on: date | None, reader: User) -> Iterator[AudienceUse]:
    if on is None:
        for course in Course.objects.filter(audience__in=audience_ids).select_related("current"):
            yield AudienceUse(
                course.audience_id, COURSES, course.title, reverse("training:workbench", args=[course.slug])
            )
        yield from _programmes(audience_ids, None)
        yield from _orders(audience_ids, None)
        return
    whom = for_audiences(Course, audience_ids, on)
    courses = Course.objects.filter(whom.condition)
    then = CourseVersion.objects.filter(course__in=courses, published_at__date__lte=on)
    newest = then.values("course").annotate(newest=Max("number")).values_list("course", "newest")
    numbers = dict(newest)
    for version in then.select_related("course"):
        if numbers[version.course_id] == version.number:
            url = version.course.get_absolute_url()
            yield AudienceUse(whom.audience_of(version.course), COURSES, version.title, url)
    yield from _programmes(audience_ids, on)
    yield from _orders(audience_ids, on)


def _programmes(audience_ids: Collection[int], on: date | None) -> Iterator[AudienceUse]:
    """Since when one is there is not known, so it counts as there on every day."""
    whom = for_audiences(Programme, audience_ids, on)
    for each in Programme.objects.filter(whom.condition):
        yield AudienceUse(whom.audience_of(each), PROGRAMMES, each.title, each.get_absolute_url())


def _orders(audience_ids: Collection[int], on: date | None) -> Iterator[AudienceUse]:
    """Each one asks everybody who joins, unless it was for those of that day alone."""
    given = Assignment.objects.filter(audience__in=audience_ids).select_related("course__current")
    for order in given if on is None else given.filter(ordered_at__date__lte=on):
        url = reverse("training:assign", args=[order.course.slug])
        yield AudienceUse(order.audience_id, ORDERS, order.course.title, url, order.for_joiners)
