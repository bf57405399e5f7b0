from django.utils import translation

from coe_portal.core.naming import name_of, name_of_many
from coe_portal.people.models import RoleGrant, User


def test_names_that_django_made_are_in_the_readers_language():
    with translation.override("es"):
        assert name_of(RoleGrant) == "asignación de rol"


def test_no_plural_is_made_up_in_another_language_than_english():
    assert (name_of_many(User), name_of_many(RoleGrant)) == ("people", "role grants")
    with translation.override("es"):
        assert (name_of_many(User), name_of_many(RoleGrant)) == ("personas", "asignación de rol")
