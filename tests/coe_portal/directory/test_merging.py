from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe_portal.audit.actions import record
from coe_portal.audit.models import AuditEntry
from coe_portal.channels.models import Publisher
from coe_portal.directory import actions
from coe_portal.directory.models import ProvidedPerson
from coe_portal.people.access import Role
from coe_portal.people.models import AudienceMember, Membership, RoleGrant, User
from policies.actions.acknowledging import acknowledge
from policies.models import Acknowledgement
from tests.factories import policies
from tests.factories.channels import ChannelFactory, PublisherFactory
from tests.factories.directory import checked, person_line, table
from tests.factories.people import MembershipFactory, PersonFactory, RoleGrantFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> User:
    return PersonFactory(email="rosa@riverbend.example", name="Rosa Delgado")


@pytest.fixture
def second() -> User:
    person = PersonFactory(email="r.delgado@riverbend.example", name="R. Delgado", employee_number="E7")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_what_points_to_the_second_points_to_the_first(administrator: User, first: User, second: User):
    membership = MembershipFactory(person=second)
    grant = RoleGrantFactory(person=second, role=Role.COORDINATOR)
    report = PersonFactory(manager=second)

    merged = actions.merge_people(by=administrator, first=first, second=second)

    assert Membership.objects.get(pk=membership.pk).person == first
    assert RoleGrant.objects.get(pk=grant.pk).person == first
    assert User.objects.get(pk=report.pk).manager == first
    assert User.objects.get(pk=first.pk).is_coordinator
    assert (merged.moved["memberships"], merged.moved["role grants"]) == (1, 1)


def test_the_second_is_closed_and_leads_to_the_first(administrator: User, first: User, second: User):
    client = Client()
    client.force_login(second, backend="coe_portal.people.backends.PortalBackend")

    actions.merge_people(by=administrator, first=first, second=second)

    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.is_active, second.merged_into, second.employee_number) == (False, first, "")
    assert first.employee_number == "E7"
    assert set(EmailAddress.objects.filter(user=first).values_list("email", flat=True)) >= {
        "r.delgado@riverbend.example"
    }
    assert not EmailAddress.objects.filter(user=second).exists()
    assert not AudienceMember.objects.filter(person=second).exists()
    assert AuditEntry.objects.filter(verb="person.merged", object_id=first.pk, actor=administrator).count() == 1


def test_of_two_that_cannot_both_be_the_earlier_is_the_firsts(administrator: User, first: User, second: User):
    channel, other = ChannelFactory(), ChannelFactory()
    earlier = PublisherFactory(channel=channel, person=second, ends=date(2024, 5, 1))
    later = PublisherFactory(channel=channel, person=first)
    PublisherFactory(channel=other, person=second, ends=date(2024, 5, 1))

    actions.merge_people(by=administrator, first=first, second=second)

    assert Publisher.objects.get(pk=earlier.pk).person == first
    assert Publisher.objects.get(pk=later.pk).person == first
    assert Publisher.objects.filter(person=first).count() == 3


def test_what_is_append_only_stays_and_is_listed(administrator: User, strategist: User, approver: User, first: User):
    second = person_with()
    version = policies.published(writer=strategist, approver=approver)
    acknowledgement, _new = acknowledge(by=second, version=version, address="", user_agent="", at=timezone.now())
    record(by=second, verb="did", on=second)

    merged = actions.merge_people(by=administrator, first=first, second=second)

    assert AuditEntry.objects.get(verb="did").actor == second
    assert Acknowledgement.objects.get(pk=acknowledgement.pk).person == second
    assert merged.stayed["acknowledgements"] == 1


def test_the_preview_says_what_happens_and_changes_nothing(administrator: User, first: User, second: User):
    MembershipFactory(person=second)
    before = [list(model.objects.order_by("pk").values()) for model in (User, Membership, EmailAddress, AuditEntry)]

    preview = actions.preview_merge(by=administrator, first=first, second=second)

    after = [list(model.objects.order_by("pk").values()) for model in (User, Membership, EmailAddress, AuditEntry)]
    assert after == before
    assert preview == actions.merge_people(by=administrator, first=first, second=second)


@pytest.mark.parametrize("case", ["same", "self", "inactive", "again"])
def test_what_cannot_be_one_is_refused(case: str, administrator: User, first: User, second: User):
    pairs = {"same": (first, first), "self": (first, administrator)}
    if case == "inactive":
        User.objects.filter(pk=first.pk).update(is_active=False)
    if case == "again":
        actions.merge_people(by=administrator, first=first, second=second)

    with pytest.raises(actions.CannotMerge):
        actions.merge_people(
            by=administrator, first=pairs.get(case, (first, second))[0], second=pairs.get(case, (first, second))[1]
        )


def test_an_import_knows_the_one_account_by_either_number(administrator: User, first: User, second: User):
    User.objects.filter(pk=first.pk).update(employee_number="E1")
    first.refresh_from_db()
    actions.merge_people(by=administrator, first=first, second=second)

    source = checked(
        administrator, table(person_line(1, email="rosa@riverbend.example"), person_line(7)), is_whole=False
    )

    [reason] = source.problems.values_list("reason", flat=True)
    assert "made one with Rosa Delgado" in reason


def test_the_page_shows_what_moves_and_then_moves_it(administrator: User, first: User, second: User, sign_in):
    MembershipFactory(person=second)
    client, url = sign_in(administrator), reverse("directory:merge")

    page = client.get(url, {"first": first.email, "second": "E7", "stays": "first"}).content.decode()
    assert "Memberships" in page
    assert User.objects.get(pk=second.pk).is_active
    sent = {"first": first.email, "second": second.email, "stays": "first"}
    answer = client.post(url, sent, follow=True)

    assert "The two accounts are one." in answer.content.decode()
    assert "Other accounts of this person" in answer.content.decode()
    closed = client.get(reverse("people:person", args=[second.pk])).content.decode()
    assert "Merged into another account" in closed
    assert client.post(reverse("people:reactivate", args=[second.pk])).status_code == 404


def test_the_account_that_the_organisation_knows_stays_if_nobody_chooses(
    administrator: User, first: User, second: User, sign_in
):
    """Not the older one, nor the one that was typed first."""
    client, url = sign_in(administrator), reverse("directory:merge")
    both = {"first": first.email, "second": second.email}
    assert client.get(url, both).context["kept"] == second  # it has the employee number

    SocialAccount.objects.create(user=first, provider="hospital", uid="x")
    ProvidedPerson.objects.create(person=first, user_name="rosa")

    page = client.get(url, both)
    assert page.context["kept"] == first
    assert "signs in with an identity provider" in page.content.decode()


def test_an_account_that_is_closed_or_not_ones_own_is_not_proposed(administrator: User, second: User, sign_in):
    left = PersonFactory(is_active=False, employee_number="E9")
    client, url = sign_in(administrator), reverse("directory:merge")

    pages = [client.get(url, {"first": each.email, "second": other.email}) for each, other in (
        (left, PersonFactory()), (second, administrator)
    )]  # fmt: skip

    assert pages[0].context["closed"] == left
    assert pages[1].context["kept"] == administrator


def test_the_administrator_chooses_which_account_stays(administrator: User, first: User, second: User, sign_in):
    MembershipFactory(person=second)
    client, url = sign_in(administrator), reverse("directory:merge")
    both = {"first": first.email, "second": second.email}

    for stays, kept, closed in (("first", first, second), ("second", second, first)):
        page = client.get(url, {**both, "stays": stays})
        assert (page.context["kept"], page.context["closed"]) == (kept, closed)
        assert page.context["stays_form"].initial["stays"] == stays

    answer = client.post(url, {**both, "stays": "first"})

    assert answer.url == reverse("people:person", args=[first.pk])
    assert User.objects.get(pk=second.pk).merged_into == first


def test_the_page_says_whom_it_does_not_know(administrator: User, first: User, strategist: User, sign_in):
    url = reverse("directory:merge")

    answer = sign_in(administrator).get(url, {"first": first.email, "second": "nobody"})

    assert answer.status_code == 422
    assert "Nobody here has this address or number." in answer.content.decode()
    assert sign_in(strategist).get(url).status_code == 403
