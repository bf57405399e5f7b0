"""Real export files that nobody here wrote, with golden counts."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.utils import timezone

from metrics.collection.models import AdSpend, DailyRollup, Post, PostSample, Sample
from metrics.imports import actions
from metrics.imports.models import Upload
from tests.factories.channels import ChannelFactory

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not there"),
]


def bring_in(person, channel, path: Path, exported_on: date = date(2026, 2, 10)) -> Upload:
    upload = actions.receive(by=person, name=path.name, content=path.read_bytes(), exported_on=exported_on)
    assert upload.state == Upload.State.CHECKED, upload.error
    actions.check(by=person, upload=upload, channel=channel, exported_on=exported_on)
    actions.confirm(by=person, upload=upload)
    actions.run_import(upload=upload, at=timezone.now())
    upload.refresh_from_db()
    return upload


def total(metric: int) -> Decimal:
    return sum((row.values[metric - 1] or Decimal(0) for row in DailyRollup.objects.all()), Decimal(0))


def test_x_three_years_of_months(strategist) -> None:
    channel = ChannelFactory(network="x", time_zone="UTC")
    files = sorted((DATA / "x_analytics").glob("*.csv"))

    uploads = [bring_in(strategist, channel, path, date(2020, 1, 2)) for path in files]

    assert (len(files), {upload.state for upload in uploads}) == (37, {"done"})
    assert sum(len(upload.row_errors) for upload in uploads) == 0
    assert Post.objects.count() == 1_129
    impressions = sum(Decimal(post.figures["impressions"]) for post in Post.objects.all())
    assert total(5) == impressions
    assert total(3) == 1_129
    assert not any("impressions_paid" in post.figures for post in Post.objects.all()[:50])


def test_the_same_files_again_change_nothing(strategist) -> None:
    channel = ChannelFactory(network="x", time_zone="UTC")
    path = min((DATA / "x_analytics").glob("*.csv"))
    bring_in(strategist, channel, path, date(2020, 1, 2))
    before = (Sample.objects.count(), PostSample.objects.count(), total(5))

    again = actions.receive(by=strategist, name="copy.csv", content=path.read_bytes(), exported_on=date(2020, 1, 2))
    actions.check(by=strategist, upload=again, channel=channel, exported_on=date(2020, 1, 2))

    assert (again.preview["posts"]["added"], again.preview["posts"]["changed"]) == (0, 0)
    assert (again.preview["figures"]["added"], again.preview["figures"]["changed"]) == (0, 0)
    with pytest.raises(actions.NotNow):
        actions.confirm(by=strategist, upload=again)
    assert (Sample.objects.count(), PostSample.objects.count(), total(5)) == before


def test_meta_day_series(strategist) -> None:
    channel = ChannelFactory(network="facebook")
    folder = DATA / "meta_business_suite" / "oigetit"

    for name in ("Views", "Reach", "Follows", "Interactions", "Visits"):
        bring_in(strategist, channel, folder / f"{name}.csv")

    days = list(DailyRollup.objects.order_by("day"))
    assert (len(days), days[0].day, days[-1].day) == (105, date(2025, 1, 1), date(2025, 4, 15))
    assert [days[0].values[place - 1] for place in (4, 6, 7)] == [16, 5, 0]


@pytest.mark.parametrize(
    ("name", "network", "posts", "metric"),
    [
        ("Jan-14-2025_Apr-14-2025_1396269028466733.csv", "facebook", 261, "reach"),
        ("Mar-18-2025_Apr-14-2025_1019826952924933.csv", "instagram", 78, "reach"),
    ],
)
def test_meta_posts(strategist, name: str, network: str, posts: int, metric: str) -> None:
    channel = ChannelFactory(network=network)

    upload = bring_in(strategist, channel, DATA / "meta_business_suite" / "oigetit" / name)

    assert (Post.objects.count(), upload.row_errors) == (posts, [])
    assert Post.objects.filter(figures__has_key=metric).count() > posts * 0.9


def test_youtube_videos_without_their_total(strategist) -> None:
    channel = ChannelFactory(network="youtube")

    bring_in(strategist, channel, next((DATA / "youtube_studio").glob("*.csv")))

    assert Post.objects.count() == 223
    assert Post.objects.get(external_id="4OZip0cgOho").figures["views"] == 1_253_559
    assert Post.objects.get(external_id="78LjdAAw0wA").figures["new_followers"] == -3


def test_facebook_advertising_costs(strategist) -> None:
    channel = ChannelFactory(network="facebook")

    bring_in(strategist, channel, DATA / "health_campaign_usc" / "facebook_ads_manager.csv")

    assert AdSpend.objects.count() == 535
    assert AdSpend.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("4343.72")
    assert AdSpend.objects.values_list("currency", flat=True).distinct().get() == "USD"


def test_linkedin_days(strategist) -> None:
    channel = ChannelFactory(network="linkedin")

    bring_in(strategist, channel, DATA / "linkedin_page" / "women_in_ai_usa_clean.csv")
    bring_in(strategist, channel, DATA / "linkedin_page" / "women_in_ai_usa_followers.csv")

    first = DailyRollup.objects.get(day=date(2025, 1, 28))
    assert (first.values[4], first.values[5], first.values[6]) == (1234, 573, 104)
    assert total(2) == 2_200


def test_tiktok_days_and_videos(strategist) -> None:
    channel = ChannelFactory(network="tiktok")

    for name in ("TIKTOK_RAW", "TIKTOK_AUDIENCE_RAW", "TIKTOK_VIDEO_RAW"):
        bring_in(strategist, channel, DATA / "tiktok" / f"{name}.csv")

    first = DailyRollup.objects.get(day=date(2025, 10, 31))
    assert (first.values[12], first.values[5], first.values[0]) == (715, None, None)


def test_sums_over_a_period_are_recognised_and_refused(strategist) -> None:
    path = next((DATA / "ga4_csv").glob("*.csv"))

    upload = actions.receive(by=strategist, name=path.name, content=path.read_bytes(), exported_on=date(2026, 1, 13))

    assert upload.format == "ga4-pages"


@pytest.mark.parametrize("name", ["meta_business_suite/oigetit/Audience.csv", "facebook_uci/dataset_Facebook.csv"])
def test_what_we_do_not_know_is_kept_and_said(strategist, name: str) -> None:
    content = (DATA / name).read_bytes()

    upload = actions.receive(by=strategist, name=name, content=content, exported_on=date(2026, 1, 13))

    assert (upload.state, bytes(upload.content)) == (Upload.State.UNKNOWN, content)
    assert upload.error == "No export that we know has these columns."
