import pytest

from coe_portal.people import cache
from coe_portal.people.models import User
from tests.factories.people import PersonFactory

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
