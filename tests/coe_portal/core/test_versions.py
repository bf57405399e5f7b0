import pytest
from django.core.cache import cache
from django.db import transaction

from coe_portal.core.versions import PREFIX, bump, read

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_version_stays_until_it_is_bumped():
    before = read("policies", "training")

    assert read("policies", "training") == before
    bump("training")
    assert read("policies", "training") != before


def test_a_bump_counts_when_it_is_committed():
    before = read("policies")

    with transaction.atomic():
        bump("policies")
        assert read("policies") == before

    assert read("policies") != before


def test_a_bump_that_is_rolled_back_never_was():
    before = read("policies")

    with transaction.atomic():
        bump("policies")
        transaction.set_rollback(True)

    assert read("policies") == before


def test_a_version_that_the_server_lost_is_never_had_again():
    before = read("policies")
    cache.delete(PREFIX + "policies")

    assert read("policies") != before
