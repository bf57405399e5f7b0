from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from metrics.collection.models import AdSpend, DailyRollup, Post, Run, Sample
from metrics.imports import actions
from metrics.imports.models import Upload
from tests.factories.channels import ChannelFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 10, 12, tzinfo=UTC)
EXPORTED = date(2026, 2, 10)

LINKEDIN = (
    "Date,Impressions (total),Clicks (total),Comments (total),Mystery\n2026-01-01,10,1,0,x\n2026-01-02,12,-,1,y\n"
)
X_HEADER = "Tweet id,Tweet permalink,Tweet text,time,impressions,engagements,likes,promoted impressions\n"


def x_row(identity: int, day: str, impressions: int) -> str:
    return f'"{identity}","https://x.com/r/{identity}","Flu, shots","{day} 15:00 +0000","{impressions}.0","2","1","-"\n'


def upload(person, text: str, exported_on: date = EXPORTED, name: str = "export.csv") -> Upload:
    return actions.receive(by=person, name=name, content=text.encode(), exported_on=exported_on)


def bring_in(person, channel, text: str, exported_on: date = EXPORTED) -> Upload:
    found = upload(person, text, exported_on)
    actions.check(by=person, upload=found, channel=channel, exported_on=exported_on)
    actions.confirm(by=person, upload=found)
    actions.run_import(upload=found, at=AT)
    found.refresh_from_db()
    return found


@pytest.fixture
def linkedin(db):
    return ChannelFactory(network="linkedin")


@pytest.fixture
def x(db):
    return ChannelFactory(network="x", time_zone="UTC")


def test_every_state_has_its_next_ones() -> None:
    states = {str(state) for state in Upload.State}

    assert {str(state) for state in Upload.NEXT} == states


def test_the_dry_run_says_what_would_happen_and_changes_nothing(strategist, linkedin) -> None:
    found = upload(strategist, LINKEDIN)

    actions.check(by=strategist, upload=found, channel=linkedin, exported_on=EXPORTED)

    assert found.preview["figures"] == {"read": 5, "added": 5, "changed": 0, "same": 0, "kept": 0}
    assert (found.preview["first_day"], found.preview["last_day"]) == ("2026-01-01", "2026-01-02")
    assert found.preview["extra_columns"] == ["mystery"]
    assert (Sample.objects.count(), DailyRollup.objects.count(), Run.objects.count()) == (0, 0, 0)


def test_an_import_brings_the_figures_in_and_tells_whoever_started_it(strategist, linkedin) -> None:
    found = bring_in(strategist, linkedin, LINKEDIN)

    first, second = DailyRollup.objects.order_by("day")
    assert (first.values[4], first.values[8], first.values[15]) == (10, 0, 1)
    assert second.values[15] is None
    assert (found.state, found.run.state, found.run.added, found.rows_done) == ("done", "ok", 5, 2)
    assert Notification.objects.get(person=strategist).kind == "import_finished"


def test_the_same_file_twice_is_imported_once(strategist, linkedin) -> None:
    bring_in(strategist, linkedin, LINKEDIN)
    again = upload(strategist, LINKEDIN)
    actions.check(by=strategist, upload=again, channel=linkedin, exported_on=EXPORTED)

    with pytest.raises(actions.NotNow, match="already"):
        actions.confirm(by=strategist, upload=again)

    assert actions.earlier_import(again).state == "done"
    assert Sample.objects.count() == 5


def test_a_later_export_corrects_and_an_earlier_one_does_not(strategist, linkedin) -> None:
    bring_in(strategist, linkedin, LINKEDIN)
    bring_in(strategist, linkedin, LINKEDIN.replace(",10,", ",11,"), EXPORTED + timedelta(days=1))
    bring_in(strategist, linkedin, LINKEDIN.replace(",10,", ",9,"), EXPORTED - timedelta(days=1))

    assert DailyRollup.objects.earliest("day").values[4] == 11
    assert Sample.objects.filter(metric=5, day=date(2026, 1, 1)).count() == 3


def test_of_two_exports_of_one_day_the_one_handed_in_later_is_believed(strategist, linkedin) -> None:
    bring_in(strategist, linkedin, LINKEDIN)
    bring_in(strategist, linkedin, LINKEDIN.replace(",10,", ",8,"))

    assert DailyRollup.objects.earliest("day").values[4] == 8


def test_a_row_that_is_wrong_is_left_out_with_its_line_and_reason(strategist, linkedin) -> None:
    found = bring_in(strategist, linkedin, LINKEDIN + "someday,1,1,1,z\n2026-01-04,=2+2,1,1,z\n")

    assert found.row_errors == [
        {"line": 4, "reason": "“someday” in date is not a date."},
        {"line": 5, "reason": "“=2+2” in impressions (total) is not a number."},
    ]
    assert (found.run.state, DailyRollup.objects.count()) == ("partial", 2)


def test_posts_become_posts_and_the_days_they_were_published(strategist, x) -> None:
    bring_in(strategist, x, X_HEADER + x_row(1, "2026-01-01", 100) + x_row(2, "2026-01-01", 50))

    day = DailyRollup.objects.get()
    assert (day.values[2], day.values[4], day.values[19]) == (2, 150, None)
    assert Post.objects.get(external_id="1").figures == {"impressions": 100, "engagements": 2, "reactions": 1}


def test_a_day_that_is_split_over_two_files_is_whole_in_any_order(strategist, x) -> None:
    earlier, later = X_HEADER + x_row(1, "2026-01-01", 100), X_HEADER + x_row(2, "2026-01-01", 50)

    bring_in(strategist, x, later, EXPORTED)
    bring_in(strategist, x, earlier, EXPORTED - timedelta(days=5))

    assert DailyRollup.objects.get().values[4] == 150


def test_advertising_costs_are_kept_once(strategist) -> None:
    channel = ChannelFactory(network="facebook")
    text = (
        "Campaign Name,Ends,Campaign ID,Impressions,Starts,Reporting Starts,Reporting Ends,Amount Spent (USD)\n"
        "Flu shots,2026-01-09,7,1491,2026-01-02,2026-01-01,2026-01-31,8.27\n"
    )

    bring_in(strategist, channel, text)
    bring_in(strategist, channel, text.replace("8.27", "9.10"))

    spend = AdSpend.objects.get()
    assert (spend.amount, spend.currency, spend.figures) == (Decimal("9.10"), "USD", {"impressions": "1491"})


def test_a_stranger_of_a_file_is_kept_with_the_reason(strategist) -> None:
    found = upload(strategist, "Colour,Taste\nred,sweet\n")

    assert (found.state, found.error) == ("unknown", "No export that we know has these columns.")
    assert QueuedJob.objects.count() == 0


def test_a_discarded_file_changes_nothing_and_cannot_be_imported(strategist, linkedin) -> None:
    found = upload(strategist, LINKEDIN)
    actions.check(by=strategist, upload=found, channel=linkedin, exported_on=EXPORTED)

    actions.discard(by=strategist, upload=found)

    with pytest.raises(actions.NotNow):
        actions.confirm(by=strategist, upload=found)


def test_running_an_import_twice_is_running_it_once(strategist, linkedin) -> None:
    found = bring_in(strategist, linkedin, LINKEDIN)

    actions.run_import(upload=found, at=AT)

    assert (Sample.objects.count(), Run.objects.count()) == (5, 1)
