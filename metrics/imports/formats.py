"""The exports that we know, each by its columns. A new one is an entry in FORMATS."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from coe_portal.channels.models import Network
from metrics.collection.models import Source
from metrics.collection.observations import Observation
from metrics.imports.parsing import Context, Format, Parsed, PostColumns, SpendSeen, day_reader, post_reader
from metrics.imports.reading import Row, Table, is_unknown
from metrics.imports.values import BadCell, day, number, whole_id

X_FIGURES = {
    "impressions": "impressions",
    "engagements": "engagements",
    "retweets": "shares",
    "replies": "replies",
    "likes": "reactions",
    "user profile clicks": "profile_visits",
    "url clicks": "link_clicks",
    "follows": "new_followers",
    "media views": "video_views",
    "promoted impressions": "impressions_paid",
}
X_OLD_NAMES = {"favorites": "reactions"}
FACEBOOK_POST = {
    "views": "views",
    "reach": "reach",
    "reactions": "reactions",
    "comments": "replies",
    "shares": "shares",
    "total clicks": "clicks",
    "link clicks": "link_clicks",
    "3-second video views": "video_views",
}
INSTAGRAM_POST = {
    "views": "views",
    "reach": "reach",
    "likes": "reactions",
    "comments": "replies",
    "shares": "shares",
    "saves": "saves",
    "follows": "new_followers",
}
YOUTUBE_VIDEO = {
    "views": "views",
    "watch time (hours)": "watch_hours",
    "likes": "reactions",
    "comments added": "replies",
    "shares": "shares",
    "subscribers": "new_followers",
    "impressions": "impressions",
}
LINKEDIN_DAY = {
    "impressions (total)": "impressions",
    "unique impressions (organic)": "reach",
    "clicks (total)": "clicks",
    "reactions (total)": "reactions",
    "comments (total)": "replies",
    "reposts (total)": "shares",
    "total engagement": "engagements",
    "impressions (sponsored)": "impressions_paid",
}
TIKTOK_DAY = {
    "video views": "video_views",
    "reached audience": "reach",
    "profile views": "profile_visits",
    "likes": "reactions",
    "shares": "shares",
    "comments": "replies",
    "phone number clicks": "contacts",
    "new followers": "new_followers",
    "lost followers": "lost_followers",
    "total followers": "followers",
    "engaged audience": "accounts_engaged",
}
TIKTOK_VIDEO = {
    "video views": "video_views",
    "likes": "reactions",
    "comments": "replies",
    "shares": "shares",
    "add to favorites": "saves",
}
# A day series of Meta says in its title what it counts.
META_TITLES = {
    "views": "views",
    "reach": "reach",
    "facebook reach": "reach",
    "instagram reach": "reach",
    "content interactions": "engagements",
    "follows": "new_followers",
    "facebook follows": "new_followers",
    "instagram follows": "new_followers",
    "facebook visits": "profile_visits",
    "instagram profile visits": "profile_visits",
    "link clicks": "link_clicks",
}
AD_FIGURES = ("impressions", "link clicks", "post shares", "post comments", "post engagement", "post reactions")
AMOUNT = re.compile(r"amount spent \(([a-z]{3})\)")


def read_meta_day(row: Row, table: Table, context: Context, parsed: Parsed) -> None:
    metric = next(META_TITLES[title.casefold()] for title in table.titles if title.casefold() in META_TITLES)
    cell = row.cells["primary"]
    on = day(row.cells["date"], "date")
    if not is_unknown(cell):
        value = number(cell, "primary")
        parsed.observations.append(Observation(context.channel.pk, metric, on, value, context.as_of, Source.FILE))


def read_advertisement(row: Row, table: Table, context: Context, parsed: Parsed) -> None:
    column = next((name for name in table.names if AMOUNT.fullmatch(name)), "")
    found = AMOUNT.fullmatch(column)
    if found is None:
        raise BadCell(_("There is no column with the amount spent."))
    cell = row.cells.get(column, "")
    amount = number("0" if is_unknown(cell) else cell, column)
    if amount < 0:
        raise BadCell(_("The amount spent is negative."))
    last = row.cells.get("ends", "")
    parsed.spends.append(
        SpendSeen(
            external_id=whole_id(row.cells["campaign id"], "campaign id")[:100],
            name=row.cells["campaign name"][:300],
            first_day=day(row.cells["starts"], "starts"),
            last_day=None if is_unknown(last) or last.casefold() == "ongoing" else day(last, "ends"),
            report_first_day=day(row.cells["reporting starts"], "reporting starts"),
            report_last_day=day(row.cells["reporting ends"], "reporting ends"),
            amount=amount,
            currency=found[1].upper(),
            figures={
                name.replace(" ", "_"): str(number(row.cells[name], name))
                for name in AD_FIGURES
                if not is_unknown(row.cells.get(name, ""))
            },
        )
    )


def read_refused(_row: Row, _table: Table, _context: Context, _parsed: Parsed) -> None:
    raise BadCell(_("These figures are sums over a whole period and cannot be put on days."))


def _days(key: str, label: str, network: str, needs: Sequence[str], columns: Mapping[str, str]) -> Format:
    return Format(
        key=key,
        label=label,
        networks=[network],
        needs=frozenset(["date", *needs]),
        read_row=day_reader("date", columns),
        known=frozenset(columns),
    )


def _posts(
    key: str, label: str, network: str, needs: Sequence[str], columns: PostColumns, sum_posts: Sequence[str] = ()
) -> Format:
    note = _noop("The figures of a day are those of the posts published that day.") if sum_posts else ""
    parts = [columns.identity, columns.published, columns.url, columns.kind, *columns.text, *columns.figures]
    return Format(
        key=key,
        label=label,
        networks=[network],
        needs=frozenset([columns.identity, columns.published, *needs]),
        read_row=post_reader(columns),
        known=frozenset(parts),
        sum_posts=sum_posts,
        note=note,
    )


FORMATS = (
    _posts(
        "x-posts", _noop("X Analytics, by post"), Network.X, ["impressions", "engagements"],
        PostColumns("tweet id", "time", ["tweet text"], X_FIGURES | X_OLD_NAMES, url="tweet permalink"),
        sum_posts=list(dict.fromkeys(X_FIGURES.values())),
    ),
    _days("x-days", _noop("X Analytics, by day"), Network.X, ["tweets published", "impressions"],
          X_FIGURES | X_OLD_NAMES | {"tweets published": "posts"}),
    Format(
        key="meta-days", label=_noop("Meta Business Suite, one figure by day"),
        networks=[Network.FACEBOOK, Network.INSTAGRAM], needs=frozenset({"date", "primary"}),
        read_row=read_meta_day, titles=frozenset(META_TITLES),
    ),
    _posts(
        "facebook-posts", _noop("Meta Business Suite, Facebook posts"), Network.FACEBOOK,
        ["page id", "permalink", "reach"],
        PostColumns("post id", "publish time", ["title", "description"], FACEBOOK_POST,
                    url="permalink", kind="post type"),
    ),
    _posts(
        "instagram-posts", _noop("Meta Business Suite, Instagram posts"), Network.INSTAGRAM,
        ["account username", "reach"],
        PostColumns("post id", "publish time", ["description"], INSTAGRAM_POST, url="permalink", kind="post type"),
    ),
    _posts(
        "youtube-videos", _noop("YouTube Studio, table data"), Network.YOUTUBE, ["video title", "views"],
        PostColumns("video", "video publish time", ["video title"], YOUTUBE_VIDEO,
                    link="https://www.youtube.com/watch?v=", skip=lambda row: row.cells.get("video") == "Total"),
    ),
    _posts(
        "youtube-content", _noop("YouTube Studio, table data"), Network.YOUTUBE, ["video title", "views"],
        PostColumns("content", "video publish time", ["video title"], YOUTUBE_VIDEO,
                    link="https://www.youtube.com/watch?v=", skip=lambda row: row.cells.get("content") == "Total"),
    ),
    Format(
        key="facebook-ads", label=_noop("Facebook Ads Manager, campaigns with amount spent"),
        networks=[Network.FACEBOOK],
        needs=frozenset({"campaign name", "campaign id", "starts", "reporting starts", "reporting ends"}),
        read_row=read_advertisement,
        known=frozenset({"ends", *AD_FIGURES, "amount spent (usd)"}),
    ),
    _days("linkedin-days", _noop("LinkedIn page, content by day"), Network.LINKEDIN, ["impressions (total)"],
          LINKEDIN_DAY),
    _days("linkedin-followers", _noop("LinkedIn page, new followers by day"), Network.LINKEDIN,
          ["organic followers", "total followers"], {"total followers": "new_followers"}),
    _days("tiktok-days", _noop("TikTok, overview by day"), Network.TIKTOK, ["video views", "profile views"],
          TIKTOK_DAY),
    _days("tiktok-followers", _noop("TikTok, followers by day"), Network.TIKTOK,
          ["new followers", "total followers", "reached audience"], TIKTOK_DAY),
    _posts(
        "tiktok-videos", _noop("TikTok, videos"), Network.TIKTOK, ["video views"],
        PostColumns("video link", "post time", ["video title"], TIKTOK_VIDEO, url="video link"),
    ),
    Format(
        key="ga4-pages", label=_noop("Google Analytics, pages and screens"), networks=[],
        needs=frozenset({"page title and screen class", "views"}), read_row=read_refused,
    ),
)  # fmt: skip
BY_KEY = {each.key: each for each in FORMATS}


def recognise(table: Table) -> Format | None:
    """The format that asks for most of the table's columns."""
    return max((each for each in FORMATS if each.fits(table)), key=lambda each: len(each.needs), default=None)
