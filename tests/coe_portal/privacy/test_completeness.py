"""Nothing about a person is forgotten by the export, the erasure or the retention because nobody thought of it."""

import pytest
from django.apps import apps

from coe_portal.people.models import User
from coe_portal.personal import field_of
from coe_portal.privacy.own import settings_of
from coe_portal.privacy.queries.catalogue import purgeables, records, retentions
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def test_every_key_to_a_person_is_listed_with_what_becomes_of_it():
    listed = {(each.model, each.person) for each in records()}

    missing = [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User and (model._meta.label_lower, field.name) not in listed
    ]

    # Add a PersonalRecords to the `personal` of the app: what is exported, or why not, and whether it is erased.
    assert missing == []


def test_what_is_not_exported_has_a_reason():
    assert [each.model for each in records() if not each.columns and not each.why] == []


def test_what_is_listed_can_be_read_counted_and_narrowed():
    person = PersonFactory()

    for each in records():
        assert list(each.rows(person.pk).values(*each.columns)) == []
        if each.seen:
            assert list(each.seen(each.rows(person.pk), person)) == []
        assert set(each.titles) <= set(each.columns)


def test_every_retention_can_be_worked_out():
    for each in retentions().values():
        assert each.days >= each.least
        if each.model:
            assert field_of(each.model, each.moment)
        else:
            assert each.run
            assert each.count


def test_every_purgeable_says_none_for_what_never_was():
    assert {kind for kind, each in purgeables().items() if each.texts(2**40) is not None} == set()


def test_the_profile_shows_no_password():
    assert "password" not in settings_of(PersonFactory())
