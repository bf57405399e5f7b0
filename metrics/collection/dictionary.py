"""The metric dictionary: what each figure means here, and what each network calls it.

A number is the metric's place in the arrays of DailyRollup: never give one away twice.
"""

from dataclasses import dataclass
from datetime import date

from django.apps.registry import Apps
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from coe_portal.channels.models import Network


@dataclass(frozen=True)
class Entry:
    number: int
    key: str
    label: str
    unit: str
    kind: str
    definition: str
    formula: str = ""


# In the tables as it stands here; whoever shows it translates it.
ENTRIES = (
    Entry(1, "followers", _("Followers"), _("people"), "snapshot",
          _("People and accounts that follow the channel at the end of the day.")),
    Entry(2, "new_followers", _("New followers"), _("people"), "count",
          _("Accounts that began to follow on the day; negative where the network gives the balance "
            "only and more left.")),
    Entry(3, "posts", _("Posts"), _("posts"), "count",
          _("Posts the channel published on the day.")),
    Entry(4, "views", _("Views"), _("views"), "count",
          _("How often content was played or shown, repeats included. Not the same as impressions.")),
    Entry(5, "impressions", _("Impressions"), _("impressions"), "count",
          _("How often content entered a screen, repeats included.")),
    Entry(6, "reach", _("Reach"), _("people"), "count",
          _("Different people who saw content on the day. Not to be added up: the same person counts again each day.")),
    Entry(7, "engagements", _("Engagements"), _("actions"), "count",
          _("Everything people did with the content, as the network adds it up."),
          _("Each network's own sum; see its definition")),
    Entry(8, "reactions", _("Reactions"), _("reactions"), "count",
          _("Likes and other one-tap reactions.")),
    Entry(9, "replies", _("Replies"), _("replies"), "count",
          _("Replies and comments.")),
    Entry(10, "shares", _("Shares"), _("shares"), "count",
          _("Shares, reposts and reblogs.")),
    Entry(11, "saves", _("Saves"), _("saves"), "count",
          _("Times that content was saved or bookmarked.")),
    Entry(12, "link_clicks", _("Link clicks"), _("clicks"), "count",
          _("Clicks on a link that leads away from the network.")),
    Entry(13, "video_views", _("Video views"), _("views"), "count",
          _("Videos played for at least as long as the network asks.")),
    Entry(14, "profile_visits", _("Profile visits"), _("visits"), "count",
          _("Visits of the channel's own page.")),
    Entry(15, "watch_hours", _("Watch time"), _("hours"), "count",
          _("Hours of video watched.")),
    Entry(16, "clicks", _("All clicks"), _("clicks"), "count",
          _("Clicks on any part of the content.")),
    Entry(17, "posts_total", _("Posts so far"), _("posts"), "lifetime",
          _("All posts of the channel that still exist, at the end of the day.")),
    Entry(18, "lost_followers", _("Lost followers"), _("people"), "count",
          _("Accounts that stopped following the channel on the day.")),
    Entry(19, "quotes", _("Quotes"), _("quotes"), "count",
          _("Posts of others that quote one of the channel's.")),
    Entry(20, "impressions_paid", _("Paid impressions"), _("impressions"), "count",
          _("Impressions that were paid for.")),
    Entry(21, "accounts_engaged", _("People engaged"), _("people"), "count",
          _("Different people who did something with the content on the day.")),
    Entry(22, "contacts", _("Contact taps"), _("taps"), "count",
          _("Taps on the telephone number, e-mail address or contact form of the channel's page.")),
)  # fmt: skip

# Per network: the network's name, the metric's key, and from which day until which it was offered.
NATIVE: dict[str, tuple[tuple[str, str, date | None, date | None], ...]] = {
    Network.BLUESKY: (
        ("followersCount", "followers", None, None),
        ("postsCount", "posts_total", None, None),
        ("likeCount", "reactions", None, None),
        ("repostCount", "shares", None, None),
        ("replyCount", "replies", None, None),
        ("quoteCount", "quotes", None, None),
        ("bookmarkCount", "saves", None, None),
    ),
    Network.MASTODON: (
        ("followers_count", "followers", None, None),
        ("statuses_count", "posts_total", None, None),
        ("favourites_count", "reactions", None, None),
        ("reblogs_count", "shares", None, None),
        ("replies_count", "replies", None, None),
        ("quotes_count", "quotes", None, None),
    ),
    Network.FEED: (("entries", "posts", None, None),),
    Network.FACEBOOK: (
        ("page_impressions", "impressions", None, date(2025, 11, 15)),
        ("page_media_view", "views", date(2025, 11, 15), None),
        ("page_impressions_unique", "reach", None, date(2026, 6, 15)),
        ("page_total_media_view_unique", "reach", date(2026, 6, 15), None),
        ("page_post_engagements", "engagements", None, None),
        ("page_follows", "followers", None, None),
        ("page_daily_follows_unique", "new_followers", None, None),
        ("page_views_total", "profile_visits", None, None),
        ("page_video_views", "video_views", None, None),
    ),
    Network.INSTAGRAM: (
        ("impressions", "impressions", None, date(2025, 4, 21)),
        ("views", "views", date(2025, 4, 21), None),
        ("reach", "reach", None, None),
        ("total_interactions", "engagements", None, None),
        ("likes", "reactions", None, None),
        ("comments", "replies", None, None),
        ("shares", "shares", None, None),
        ("saves", "saves", None, None),
    ),
    Network.X: (
        ("impressions", "impressions", None, None),
        ("engagements", "engagements", None, None),
        ("likes", "reactions", None, None),
        ("replies", "replies", None, None),
        ("retweets", "shares", None, None),
        ("url clicks", "link_clicks", None, None),
        ("user profile clicks", "profile_visits", None, None),
        ("media views", "video_views", None, None),
        ("follows", "new_followers", None, None),
        ("promoted impressions", "impressions_paid", None, None),
    ),
    Network.LINKEDIN: (
        ("impressionCount", "impressions", None, None),
        ("uniqueImpressionsCount", "reach", None, None),
        ("clickCount", "clicks", None, None),
        ("likeCount", "reactions", None, None),
        ("commentCount", "replies", None, None),
        ("shareCount", "shares", None, None),
    ),
    Network.YOUTUBE: (
        ("views", "views", None, None),
        ("estimatedMinutesWatched", "watch_hours", None, None),
        ("likes", "reactions", None, None),
        ("comments", "replies", None, None),
        ("shares", "shares", None, None),
        ("subscribersGained", "new_followers", None, None),
        ("subscribersLost", "lost_followers", None, None),
    ),
    Network.TIKTOK: (
        ("Video views", "video_views", None, None),
        ("Reached audience", "reach", None, None),
        ("Profile views", "profile_visits", None, None),
        ("Likes", "reactions", None, None),
        ("Shares", "shares", None, None),
        ("Comments", "replies", None, None),
        ("New followers", "new_followers", None, None),
        ("Lost followers", "lost_followers", None, None),
    ),
}

NUMBERS = {entry.key: entry.number for entry in ENTRIES}
KEYS = {entry.number: entry.key for entry in ENTRIES}
PLACES = max(KEYS)
_BY_KEY = {entry.key: entry for entry in ENTRIES}


def label_of(metric: str) -> str:
    """What a metric is called, in the reader's language."""
    return gettext(_BY_KEY[metric].label)


def unit_of(metric: str) -> str:
    return gettext(_BY_KEY[metric].unit)


def write_dictionary(apps: Apps) -> None:
    """Make the tables say what this file says; safe to run any number of times."""
    metric, native = apps.get_model("metrics", "Metric"), apps.get_model("metrics", "NativeMetric")
    metric.objects.bulk_create(
        [
            metric(
                id=each.number, key=each.key, label=each.label, unit=each.unit, kind=each.kind,
                definition=each.definition, formula=each.formula,
            )
            for each in ENTRIES
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["key", "label", "unit", "kind", "definition", "formula"],
    )  # fmt: skip
    native.objects.bulk_create(
        [
            native(network=network, name=name, metric_id=NUMBERS[key], valid_from=valid_from, valid_to=valid_to)
            for network, names in NATIVE.items()
            for name, key, valid_from, valid_to in names
        ],
        update_conflicts=True,
        unique_fields=["network", "name", "metric", "definition_version"],
        update_fields=["valid_from", "valid_to"],
    )
