from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coe_portal.people.access import Role
from metrics.collection import queries
from metrics.collection.models import Run, Stream
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import StreamFactory, figures
from tests.factories.people import DepartmentFactory, person_with

pytestmark = pytest.mark.django_db


def test_the_health_of_every_stream_is_for_strategists_and_administrators(
    sign_in, strategist, administrator, employee, executive
) -> None:
    StreamFactory(last_error="The network did not answer.", failures=2)
    url = reverse("metrics:collection")

    found = [sign_in(person).get(url).status_code for person in (strategist, administrator, employee, executive)]

    assert found == [200, 200, 404, 404]
    assert "Failed 2 times" in sign_in(strategist).get(url).content.decode()


def test_streams_in_trouble_can_be_shown_alone(sign_in, strategist) -> None:
    well = StreamFactory(last_success_at=timezone.now())
    late = StreamFactory(last_success_at=timezone.now() - timedelta(days=3))
    failing = StreamFactory(failures=1)
    StreamFactory(failures=1, is_on=False)

    rows = sign_in(strategist).get(reverse("metrics:collection") + "?show=trouble").context["rows"]

    assert {row.stream for row in rows} == {late, failing}
    assert well not in {row.stream for row in rows}


@pytest.mark.parametrize("number", [1, 3])
def test_the_health_page_needs_the_same_queries(sign_in, strategist, django_assert_num_queries, number: int) -> None:
    StreamFactory.create_batch(number)
    client = sign_in(strategist)
    client.get(reverse("metrics:collection"))

    with django_assert_num_queries(3):
        client.get(reverse("metrics:collection"))


def test_collect_now_is_seen_until_it_is_done(sign_in, strategist) -> None:
    channel = ChannelFactory(network="bluesky")
    client = sign_in(strategist)

    client.post(reverse("metrics:collect_now", args=[channel.pk]))
    waiting = client.get(reverse("metrics:channel_collection", args=[channel.pk])).content.decode()
    Stream.objects.update(asked_at=None)
    done = client.get(reverse("metrics:channel_collection", args=[channel.pk])).content.decode()

    assert "The channel is being read" in waiting
    assert "The channel is being read" not in done


def test_only_strategists_collect_now_and_only_where_there_is_a_collector(sign_in, strategist, executive) -> None:
    readable, other = ChannelFactory(network="bluesky"), ChannelFactory(network="facebook")

    found = [
        sign_in(executive).post(reverse("metrics:collect_now", args=[readable.pk])).status_code,
        sign_in(strategist).post(reverse("metrics:collect_now", args=[other.pk])).status_code,
    ]

    assert found == [404, 404]


def test_a_figure_is_entered_with_its_evidence(sign_in, strategist) -> None:
    channel = ChannelFactory(network="tiktok")
    typed = {"metric": "followers", "day": "2026-02-03", "value": "1500", "evidence_url": "https://files.example/1.png"}

    sign_in(strategist).post(reverse("metrics:enter_figure", args=[channel.pk]), typed)

    row = queries.latest([channel.pk], "followers")[channel.pk]
    assert (row.value, row.source) == (1500, 1)
    assert (Run.objects.get().by, Run.objects.get().evidence_url) == (strategist, "https://files.example/1.png")


def test_a_figure_that_the_network_knows_better_is_kept_but_not_shown(sign_in, strategist) -> None:
    channel = ChannelFactory()
    today = timezone.localdate()
    figures(channel, "followers", {today: 10})
    typed = {"metric": "followers", "day": str(today), "value": "99", "evidence_url": "https://files.example/1.png"}

    answer = sign_in(strategist).post(reverse("metrics:enter_figure", args=[channel.pk]), typed, follow=True)

    assert "the network&#x27;s own figure for this day is shown" in answer.content.decode()
    assert queries.latest([channel.pk], "followers")[channel.pk].value == 10


@pytest.mark.parametrize("change", [{"day": "2999-01-01"}, {"value": "-1"}, {"evidence_url": ""}, {"metric": "vibes"}])
def test_what_cannot_be_is_refused(sign_in, strategist, change: dict) -> None:
    channel = ChannelFactory()
    typed = {"metric": "followers", "day": "2026-02-03", "value": "1", "evidence_url": "https://files.example/1.png"}

    answer = sign_in(strategist).post(reverse("metrics:enter_figure", args=[channel.pk]), typed | change)

    assert answer.status_code == 422


def test_figures_of_another_branch_are_not_found(sign_in) -> None:
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())
    channel = ChannelFactory()

    found = [
        sign_in(coordinator).get(reverse(f"metrics:{name}", args=[channel.pk])).status_code
        for name in ("channel_collection", "enter_figure")
    ]

    assert found == [404, 404]
