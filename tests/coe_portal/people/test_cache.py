from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from coe_portal.people import cache
from coe_portal.people.access import Role, today
from coe_portal.people.models import User
from tests.factories.people import PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_remembered_person_costs_no_query(django_assert_num_queries):
    person = PersonFactory()
    fresh = User.objects.get(pk=person.pk)
    _end_of_forgetting(person)
    cache.remember(fresh)

    with django_assert_num_queries(0):
        known = cache.remembered(person.pk)
        assert known is not None
        assert known.access.branches == {}

    assert known == person


def test_every_save_forgets():
    person = PersonFactory()
    _end_of_forgetting(person)
    cache.remember(person)

    person.save()

    assert cache.remembered(person.pk) is None


def test_what_was_read_before_a_change_is_not_kept_after_it():
    person = PersonFactory()
    _end_of_forgetting(person)
    read_before = User.objects.get(pk=person.pk)

    person.is_active = False
    person.save()
    cache.remember(read_before)

    assert cache.remembered(person.pk) is None


def _end_of_forgetting(person: User) -> None:
    """As some seconds after the last change."""
    cache.cache.delete(cache._key(person.pk))


def test_what_was_kept_before_midnight_is_not_found_after_it(monkeypatch: pytest.MonkeyPatch):
    """A role that begins or ends tonight counts from the first moment of the day, in the organisation's time zone."""
    person = PersonFactory()
    RoleGrantFactory(person=person, role=Role.STRATEGIST, starts=today() + timedelta(days=1))
    fresh = User.objects.get(pk=person.pk)
    _end_of_forgetting(person)
    cache.remember(fresh)
    assert not fresh.access.has(Role.STRATEGIST)

    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert cache.remembered(person.pk) is None
    assert User.objects.get(pk=person.pk).access.has(Role.STRATEGIST)


def test_readers_in_other_zones_share_one_day(monkeypatch: pytest.MonkeyPatch):
    keys = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with timezone.override(ZoneInfo(zone)):
            keys.add(cache._key(7))

    assert len(keys) == 1
