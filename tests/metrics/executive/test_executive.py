from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.people.access import Role
from metrics.collection.models import DefinitionBreak, Metric
from metrics.dashboards.models import EventNote
from metrics.executive import actions
from metrics.executive.models import Ask, Snapshot
from metrics.executive.queries import figures_to_seal, page, sealed_months
from metrics.periods import Period
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import AS_OF, figures
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.returns import ActivityFactory, CampaignFactory, OutcomeCountFactory, OutcomeValueFactory

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
EXECUTIVE = reverse("metrics:executive")


def two_months(channel, metric, before, now):
    figures(channel, metric, {date(2026, 2, 1) + timedelta(days=each): before for each in range(28)})
    figures(channel, metric, {date(2026, 3, 1) + timedelta(days=each): now for each in range(31)})


def an_ask(strategist, **fields):
    return Ask.objects.create(
        title="A camera", reason="For stories", asked_on=date(2026, 3, 1), asked_by=strategist, **fields
    )


def test_only_executives_and_strategists(sign_in, executive, strategist, employee):
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())

    assert [sign_in(person).get(EXECUTIVE).status_code for person in (executive, strategist)] == [200, 200]
    assert [sign_in(person).get(EXECUTIVE).status_code for person in (employee, coordinator)] == [404, 404]
    assert sign_in(employee).get(reverse("metrics:executive_pdf")).status_code == 404


def test_there_are_five_figures_and_unknown_is_not_zero(sign_in, executive):
    found = page(MARCH)

    assert len(found.headlines) == 5
    assert [each.value for each in found.headlines if each.source == "networks' figures"] == ["", ""]
    assert found.headlines[-1].value == ""


def test_what_changed_is_said_in_sentences_with_their_records():
    two_months(ChannelFactory(), "engagements", 100, 100)

    texts = {each.text: each.url for each in page(MARCH).changed}

    assert texts["Engagements rose by 11\N{NO-BREAK SPACE}% to 3,100."] == "/metrics/?month=2026-03"


def test_a_redefined_metric_is_not_compared():
    two_months(ChannelFactory(), "engagements", 100, 100)
    DefinitionBreak.objects.create(
        network="bluesky", metric=Metric.objects.get(key="engagements"), day=date(2026, 3, 10), reason="Anew"
    )

    found = page(MARCH)

    assert [each.text for each in found.changed if "Engagements" in each.text] == []
    assert "Engagements: not compared: the network changed what it counts" in [each.text for each in found.not_compared]


def test_why_names_campaigns_and_notes_of_the_period():
    CampaignFactory(name="Flu shots", starts=date(2026, 2, 20), ends=date(2026, 3, 5))
    CampaignFactory(name="Over", starts=date(2026, 1, 1), ends=date(2026, 2, 28))
    EventNote.objects.create(day=date(2026, 3, 8), title="Power failure")

    assert [each.text for each in page(MARCH).why] == [
        "Campaign: Flu shots, from Feb. 20, 2026",
        "March 8, 2026: Power failure",
    ]


def test_the_return_leads_to_its_formula():
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()

    found = page(MARCH).headlines[-1]

    assert (found.value, found.note) == ("+140\N{NO-BREAK SPACE}%", "+60\N{NO-BREAK SPACE}% to +260\N{NO-BREAK SPACE}%")
    assert found.source_url == "/metrics/returns/formula/?from=2026-03&to=2026-03"


def test_an_executive_decides_once_with_a_reason(sign_in, executive, strategist):
    ask = an_ask(strategist)
    client, url = sign_in(executive), reverse("metrics:ask_decide", args=[ask.pk])

    assert client.post(url, {"decision": "granted", "reason": ""}).status_code == 200
    assert client.post(url, {"decision": "granted", "reason": "Cheap"}).status_code == 302

    ask.refresh_from_db()
    assert (ask.decision, ask.decided_by, ask.decision_reason) == ("granted", executive, "Cheap")
    assert AuditEntry.objects.filter(verb="granted ask").count() == 1
    assert Notification.objects.get().person == strategist
    assert client.post(url, {"decision": "refused", "reason": "No"}).status_code == 404


def test_a_decision_is_not_made_by_reading(sign_in, executive, strategist):
    ask = an_ask(strategist)

    sign_in(executive).get(reverse("metrics:ask_decide", args=[ask.pk]) + "?decision=granted")

    ask.refresh_from_db()
    assert ask.decision == ""


def test_strategists_ask_and_do_not_decide(sign_in, executive, strategist):
    sign_in(strategist).post(reverse("metrics:ask_add"), {"title": "A camera", "reason": "For stories"})

    ask = Ask.objects.get()
    assert ask.asked_by == strategist
    assert Notification.objects.get().person == executive
    assert sign_in(strategist).get(reverse("metrics:ask_decide", args=[ask.pk])).status_code == 404
    assert sign_in(executive).get(reverse("metrics:ask_add")).status_code == 404


def test_nobody_grants_what_they_asked_for(strategist):
    both = person_with(Role.EXECUTIVE)
    ask = an_ask(both)

    with pytest.raises(PermissionError):
        actions.decide(by=both, ask_id=ask.pk, decision=Ask.Decision.GRANTED, reason="Mine", at=timezone.now())


def test_a_sealed_month_keeps_its_figures_when_they_are_corrected(strategist):
    channel = ChannelFactory()
    figures(channel, "posts", {date(2026, 3, 1): 4})
    actions.seal(by=strategist, month=MARCH.start, figures=figures_to_seal(MARCH.start), at=timezone.now())
    assert [each.revised for each in sealed_months()] == [False]

    figures(channel, "posts", {date(2026, 3, 1): 5}, as_of=AS_OF + timedelta(hours=1))

    [sealed] = sealed_months()
    posts = next(row for row in sealed.rows if row.label == "Posts")
    assert (posts.sealed, posts.now, sealed.revised, sealed.intact) == ("4", "5", True, True)
    assert next(row for row in sealed.rows if row.label == "Followers").sealed == "not known"


def test_a_seal_that_was_tampered_with_does_not_fit():
    Snapshot.objects.create(month=MARCH.start, figures={"posts": "9"}, sha256="0" * 64, sealed_at=timezone.now())

    assert sealed_months()[0].intact is False


def test_the_fingerprint_does_not_depend_on_order():
    one = actions.fingerprint(MARCH.start, {"posts": "1", "followers": None})

    assert one == actions.fingerprint(MARCH.start, {"followers": None, "posts": "1"})
    assert one != actions.fingerprint(MARCH.start, {"followers": "0", "posts": "1"})


def test_the_database_keeps_sealed_months():
    Snapshot.objects.create(month=MARCH.start, figures={}, sha256="0" * 64, sealed_at=timezone.now())

    with pytest.raises(DatabaseError):
        Snapshot.objects.update(figures={"posts": "1"})


def test_a_month_is_sealed_once(sign_in, strategist, executive):
    for _twice in range(2):
        assert sign_in(strategist).post(reverse("metrics:seal")).status_code == 302

    assert Snapshot.objects.count() == 1
    assert sign_in(executive).post(reverse("metrics:seal")).status_code == 404


def test_the_pdf_is_tagged_and_holds_the_figures(sign_in, executive, strategist):
    OutcomeValueFactory()
    OutcomeCountFactory(campaign=CampaignFactory())
    ActivityFactory(campaign=CampaignFactory())
    an_ask(strategist, amount=Decimal(4800))

    response = sign_in(executive).get(reverse("metrics:executive_pdf") + "?from=2026-03&to=2026-03")

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in response.content


def test_the_page_is_warm_with_one_query_or_less(sign_in, executive, django_assert_max_num_queries):
    client = sign_in(executive)
    client.get(EXECUTIVE)

    with django_assert_max_num_queries(1):
        client.get(EXECUTIVE)


def test_queries_do_not_grow_with_rows():
    """Other apps add their measurements to the page, so the number itself is not ours to say."""

    def queries_with_another_row(day):
        two_months(ChannelFactory(), "engagements", 1, 2)
        OutcomeCountFactory(campaign=CampaignFactory())
        EventNote.objects.create(day=date(2026, 3, day), title="Something")
        with CaptureQueriesContext(connection) as queries:
            page(MARCH)
        return len(queries)

    queries_with_another_row(1)  # fills what a process keeps, such as content types

    assert queries_with_another_row(2) == queries_with_another_row(3)
