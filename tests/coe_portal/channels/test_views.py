import pytest
from django.test import Client
from django.urls import reverse

from coe_portal.channels.models import Channel
from coe_portal.people.access import Role
from tests.factories.channels import ChannelFactory, ChannelRequestFactory, PublisherFactory
from tests.factories.people import DepartmentFactory, person_with

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_index_lists_the_register(sign_in, employee) -> None:
    channel = ChannelFactory(name="Riverbend Heart")

    assert "Riverbend Heart" in page(sign_in(employee), reverse("channels:index"))
    assert channel.handle in page(sign_in(employee), reverse("channels:index") + "?q=heart")
    assert "Riverbend Heart" not in page(sign_in(employee), reverse("channels:index") + "?q=lungs")


@pytest.mark.parametrize("rows", [1, 3])
def test_index_needs_the_same_queries_for_any_number_of_rows(
    sign_in, employee, django_assert_num_queries, rows: int
) -> None:
    ChannelFactory.create_batch(rows)
    client = sign_in(employee)
    client.get(reverse("channels:index"))

    with django_assert_num_queries(2):
        client.get(reverse("channels:index"))


def test_index_pages_by_name(sign_in, employee) -> None:
    department = DepartmentFactory()
    for number in range(31):
        ChannelFactory(name=f"Account {number:02}", department=department)
    client = sign_in(employee)

    first = client.get(reverse("channels:index")).context["page"]
    second = client.get(first.older_url).context["page"]

    assert [channel.name for channel in first.rows][:2] == ["Account 00", "Account 01"]
    assert [channel.name for channel in second.rows] == ["Account 30"]


def test_the_recovery_contact_is_only_for_those_who_look_after_the_account(sign_in, employee, strategist) -> None:
    channel = ChannelFactory(recovery_contact="safe@riverbend.example")

    assert "safe@riverbend.example" not in page(sign_in(employee), channel.get_absolute_url())
    assert "safe@riverbend.example" in page(sign_in(strategist), channel.get_absolute_url())


def test_a_request_of_another_branch_is_not_found(sign_in, employee) -> None:
    asked = ChannelRequestFactory()

    assert sign_in(employee).get(asked.channel.get_absolute_url()).status_code == 404
    assert sign_in(asked.requested_by).get(asked.channel.get_absolute_url()).status_code == 200


def test_an_employee_asks_and_a_strategist_approves(sign_in, employee, strategist) -> None:
    typed = {
        "name": "Sleep Lab",
        "network": "instagram",
        "handle": "@sleeplab",
        "department": DepartmentFactory().pk,
        "purpose": "Sleep well.",
        "why_not_existing": "Nights.",
    }
    sign_in(employee).post(reverse("channels:request"), typed)
    channel = Channel.objects.get()
    hub = sign_in(strategist)

    hub.post(reverse("channels:review", args=[channel.pk]))
    hub.post(reverse("channels:decide", args=[channel.pk]), {"decision": "approve", "reason": "A good plan."})

    channel.refresh_from_db()
    assert channel.state == Channel.State.ACTIVE
    assert "A good plan." in page(sign_in(employee), channel.get_absolute_url())


def test_an_incomplete_request_keeps_what_was_typed(sign_in, employee) -> None:
    answer = sign_in(employee).post(reverse("channels:request"), {"name": "Sleep Lab"})

    assert answer.status_code == 422
    assert 'value="Sleep Lab"' in answer.content.decode()
    assert Channel.objects.count() == 0


def test_a_decision_needs_a_reason(sign_in, strategist) -> None:
    asked = ChannelRequestFactory()

    answer = sign_in(strategist).post(reverse("channels:decide", args=[asked.channel_id]), {"decision": "decline"})

    assert answer.status_code == 422
    asked.refresh_from_db()
    assert asked.is_open is True


def test_a_strategist_adds_edits_and_archives(sign_in, strategist, employee) -> None:
    client = sign_in(strategist)
    typed = {
        "relation": "own",
        "network": "x",
        "handle": "@heart",
        "name": "Heart",
        "department": DepartmentFactory().pk,
        "time_zone": "America/New_York",
        "two_factor": "on",
        "first_contact": employee.email.upper(),
    }
    client.post(reverse("channels:add"), typed)
    channel = Channel.objects.get()

    client.post(reverse("channels:edit", args=[channel.pk]), typed | {"name": "Heart and Vascular"})
    client.post(reverse("channels:validate", args=[channel.pk]))
    client.post(reverse("channels:move", args=[channel.pk]), {"to": "archived"})

    channel.refresh_from_db()
    assert (channel.name, channel.state, channel.first_contact) == ("Heart and Vascular", "archived", employee)
    assert channel.validated_on is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"handle": "@taken"}, "This channel is in the register already: Taken."),
        ({"department": ""}, "Say which department owns the channel."),
        ({"first_contact": "nobody@riverbend.example"}, "Nobody who works here has this e-mail address."),
        ({"time_zone": "Riverbend"}, "This time zone is not known."),
    ],
)
def test_what_is_wrong_is_said(sign_in, strategist, change: dict, message: str) -> None:
    taken = ChannelFactory(name="Taken", handle="taken", network="x")
    typed = {
        "relation": "own",
        "network": "x",
        "handle": "@heart",
        "name": "Heart",
        "department": taken.department_id,
        "time_zone": "America/New_York",
        "two_factor": "on",
    }

    answer = sign_in(strategist).post(reverse("channels:add"), typed | change)

    assert answer.status_code == 422
    assert message in answer.content.decode()


@pytest.mark.parametrize("name", ["edit", "review", "move", "decide", "add_publisher"])
def test_the_register_is_kept_by_strategists_alone(sign_in, employee, name: str) -> None:
    channel = ChannelFactory()

    answer = sign_in(employee).post(reverse(f"channels:{name}", args=[channel.pk]), {"to": "archived", "reason": "x"})

    assert answer.status_code == 404
    channel.refresh_from_db()
    assert channel.state == Channel.State.ACTIVE


def test_the_coordinator_and_the_contact_may_validate(sign_in, employee) -> None:
    branch = DepartmentFactory()
    channel = ChannelFactory(department=branch, second_contact=employee)
    url = reverse("channels:validate", args=[channel.pk])

    answers = [
        sign_in(person).post(url).status_code
        for person in (employee, person_with(Role.COORDINATOR, branch=branch), person_with())
    ]

    assert answers == [302, 302, 403]


def test_publishers_come_and_go(sign_in, strategist, employee) -> None:
    row = PublisherFactory()
    client = sign_in(strategist)

    client.post(reverse("channels:add_publisher", args=[row.channel_id]), {"person": employee.email})
    client.post(reverse("channels:end_publisher", args=[row.channel_id, row.pk]))

    current = row.channel.publisher_rows.filter(ends=None)
    assert [each.person for each in current] == [employee]


def test_anybody_can_ask_whether_an_account_is_ours(client, django_assert_num_queries) -> None:
    ChannelFactory(name="Riverbend Heart", handle="@heart", network="x")

    with django_assert_num_queries(1):
        answer = client.get(reverse("channels:verify"), {"q": "@heart"})

    assert "Yes, this account is ours." in answer.content.decode()
    assert "We do not know this account." in page(client, reverse("channels:verify") + "?q=stranger")
    assert client.cookies.keys() == set()


def test_programs_can_ask_too(client) -> None:
    channel = ChannelFactory(name="Riverbend Heart", handle="@heart", network="x")

    answer = client.get(reverse("channels:verify_json"), {"q": "@heart"}).json()

    assert answer["ours"] == [
        {
            "name": "Riverbend Heart",
            "network": "x",
            "handle": "@heart",
            "address": channel.url,
            "department": channel.department.name,
            "in_use": True,
        }
    ]


def test_the_list_can_be_taken_away(sign_in, employee) -> None:
    ChannelFactory(name="=HYPERLINK(1)")
    client = sign_in(employee)

    csv = b"".join(client.get(reverse("channels:export", args=["csv"])).streaming_content).decode()

    assert "'=HYPERLINK(1)" in csv
    assert client.get(reverse("channels:export", args=["xlsx"])).status_code == 200
    assert client.get(reverse("channels:export", args=["pdf"])).status_code == 404
