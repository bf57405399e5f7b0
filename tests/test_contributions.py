"""Every app's contribution, held to what the shared pages rely on."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from coe_portal import contributions
from coe_portal.contributions import (
    Contribution,
    Document,
    HomeCard,
    Measurement,
    Obligation,
    Standing,
    document_labels,
    document_sources,
    home_cards,
    measurements,
    nav_items,
    notification_kinds,
    open_obligations,
    register,
    standings,
    tools,
)
from coe_portal.people.access import Role
from coe_portal.people.models import User
from tests.factories import policies
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import PersonFactory, person_with

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
APPS = [contribution.app for contribution in contributions.contributions()]


@pytest.fixture
def outsider() -> User:
    """Somebody who is in no audience and has no role."""
    return PersonFactory()


@pytest.fixture
def in_use(strategist: User, approver: User) -> None:
    """Something for everybody to see and to owe."""
    AnnouncementFactory(must_read=True)
    policies.published(writer=strategist, approver=approver)


def test_every_app_contributes():
    assert set(APPS) == {
        "announcements",
        "audiences",
        "channels",
        "directory",
        "feedback",
        "home",
        "identity",
        "metrics",
        "policies",
        "privacy",
        "reminders",
        "tokens",
        "training",
    }


def test_a_second_registration_is_refused():
    with pytest.raises(ValueError, match="already"):
        register(Contribution(app="policies"))


def test_another_shape_is_refused():
    with pytest.raises(TypeError):
        register({"app": "surveys"})


def test_documents_without_a_label_are_refused():
    with pytest.raises(ValueError, match="label"):
        register(Contribution(app="surveys", documents={"survey": lambda ids: []}))


@pytest.mark.usefixtures("in_use")
@pytest.mark.parametrize("each", contributions.contributions(), ids=APPS)
def test_what_is_contributed_has_the_right_shape(each: Contribution, strategist: User):
    ids = [strategist.pk]

    assert [item for item in (each.obligations or none)(ids, TODAY) if not isinstance(item, Obligation)] == []
    assert [card for card in (each.home_cards or none)(strategist, TODAY) if not isinstance(card, HomeCard)] == []
    for source in each.documents.values():
        assert [item for item in source(None) if not isinstance(item, Document)] == []
    assert [item for item in (each.measurements or none)(TODAY, TODAY) if not isinstance(item, Measurement)] == []
    found = each.standings(ids, TODAY) if each.standings else {}
    assert set(found) <= set(ids)
    assert [item for items in found.values() for item in items if not isinstance(item, Standing)] == []


def none(*args: object) -> list[object]:
    return []


def test_navigation_leads_to_pages_that_are_there(strategist: User):
    for item in nav_items(strategist):
        assert reverse(item.url_name)


@pytest.mark.usefixtures("in_use")
def test_everybody_in_the_audience_owes_and_is_shown_something(employee: User):
    assert {item.kind for item in open_obligations([employee.pk], TODAY)} >= {"announcement"}
    assert [item for card in home_cards(employee, TODAY) for item in card.items] != []


@pytest.mark.usefixtures("in_use")
def test_an_outsider_owes_nothing_and_is_shown_nothing(outsider: User):
    assert open_obligations([outsider.pk], TODAY) == []
    assert [item for card in home_cards(outsider, TODAY) for item in card.items] == []


@pytest.mark.usefixtures("in_use")
def test_obligations_are_only_those_of_the_people_asked_for(strategist: User, outsider: User):
    assert {item.person_id for item in open_obligations([strategist.pk], TODAY)} <= {strategist.pk}


@pytest.mark.usefixtures("in_use")
@pytest.mark.parametrize("take", [open_obligations, standings], ids=["obligations", "standings"])
def test_the_number_of_queries_does_not_grow_with_people(
    take: Callable[..., object], django_assert_num_queries, django_assert_max_num_queries
):
    people = [person_with().pk for _ in range(3)]
    take(people[:1], TODAY)  # what an app keeps for all people is kept now
    with django_assert_max_num_queries(60) as one:
        take(people[:1], TODAY)

    with django_assert_num_queries(len(one)):
        take(people, TODAY)


@pytest.mark.usefixtures("in_use")
def test_home_cards_take_few_queries(employee: User, django_assert_max_num_queries):
    employee.access  # noqa: B018 - kept with the person, as it is in a request

    with django_assert_max_num_queries(30):
        home_cards(employee, TODAY)


def test_kinds_of_documents_and_notifications_are_named_once():
    assert set(document_sources()) == set(document_labels())
    names = [kind.key for each in contributions.contributions() for kind in each.notification_kinds]
    assert sorted(names) == sorted(notification_kinds())


def test_measurements_are_none_where_nothing_is_known():
    assert [each.key for each in measurements(TODAY, TODAY) if each.value is not None and each.value < 0] == []


def test_an_outsider_is_offered_no_tool(outsider: User):
    assert tools(outsider) == {}


@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_every_tool_that_is_offered_opens(role: Role, sign_in):
    client = sign_in(person := person_with(role))

    offered = [tool for found in tools(person).values() for tool in found]

    assert offered
    assert {tool.url_name: client.get(reverse(tool.url_name)).status_code for tool in offered} == {
        tool.url_name: 200 for tool in offered
    }
