"""What the demo's accounts published in the last half year."""

import math
import random
from datetime import UTC, datetime, time

from coe_portal.channels.models import Channel, Network
from coe_portal.people.demo import DemoOrganisation
from metrics.collection.dictionary import NUMBERS
from metrics.collection.models import Post, PostSample, Run, Source

DAYS = 180
TEXTS = (
    "Flu shots are here. No appointment needed at any of our clinics this week.",
    "Meet Dana, night-shift nurse for 19 years, who knows every vending machine by name.",
    "Five questions to ask before your child's first operation.",
    "Our support group for new parents meets on Tuesday. Partners are welcome, babies even more so.",
    "What does a respiratory therapist do all day? Three of them show you.",
    "Chest pain, sweating, nausea: do not drive yourself. Call 911.",
    "Thank you to the 340 volunteers who gave 21,000 hours last year.",
    "New hours at Urgent Care: open until ten in the evening, every day.",
    "Our researchers look for people with asthma for a study of a new inhaler. Details in the link.",
    "A healing garden, paid for by your gifts, opens behind the cancer center on Friday.",
    "Is it a cold, the flu or COVID? A short guide by our family doctors.",
    "How to talk with a teenager about anxiety: a conversation with our counsellors.",
    "The cafeteria's pumpkin soup, by popular demand: here is the recipe.",
    "Our new MRI is quieter and shorter. Look inside with the team that runs it.",
    "Free blood pressure checks at the library on Saturday morning.",
    "We are hiring: registered nurses for the intensive care unit, with a sign-on bonus.",
    "From resident to attending: Dr. Okafor remembers her first night on call.",
    "Heat warning for the weekend: drink, rest, look after your neighbours.",
    "Breast cancer screening takes twenty minutes. Book yours today.",
    "What happens in a hospital at three in the morning? A photo essay.",
)
KINDS = {
    Network.YOUTUBE: "video",
    Network.TIKTOK: "video",
    Network.INSTAGRAM: "picture",
    Network.FEED: "article",
}
MEASURED = ("views", "reactions", "replies", "shares", "link_clicks")


def build_posts(organisation: DemoOrganisation, channels: list[Channel], run: Run, now: datetime) -> None:
    chance = random.Random("posts")  # noqa: S311 - made-up posts
    posts = Post.objects.bulk_create(
        [post for channel in channels if not channel.is_peer for post in _posts(channel, chance, organisation, now)],
        batch_size=1_000,
    )
    PostSample.objects.bulk_create(
        [
            PostSample(post=post, metric_id=NUMBERS[metric], source=Source.DEMO, as_of=now, value=value, run=run)
            for post in posts
            for metric, value in post.figures.items()
        ],
        batch_size=5_000,
    )


def _posts(channel: Channel, chance: random.Random, organisation: DemoOrganisation, now: datetime) -> list[Post]:
    posts = []
    days_ago = chance.randint(1, 6)
    while days_ago < DAYS:
        day = organisation.days_ago(days_ago)
        number = f"demo-{channel.pk}-{days_ago}"
        posts.append(
            Post(
                channel=channel,
                external_id=number,
                url=f"{channel.url}/{number}",
                kind=KINDS.get(Network(channel.network), "text"),
                text=chance.choice(TEXTS),
                published_at=datetime.combine(day, time(chance.randint(12, 22), chance.randint(0, 59)), UTC),
                day=day,
                figures=_figures(channel, chance),
                as_of=now,
            )
        )
        days_ago += chance.randint(2, 9)
    return posts


def _figures(channel: Channel, chance: random.Random) -> dict[str, int]:
    if channel.network == Network.FEED:
        return {}
    views = int(math.exp(chance.gauss(6.6, 0.9)))
    figures = {
        "views": views,
        "reactions": int(views * chance.uniform(0.01, 0.06)),
        "replies": int(views * chance.uniform(0, 0.008)),
        "shares": int(views * chance.uniform(0, 0.012)),
        "link_clicks": int(views * chance.uniform(0, 0.03)),
    }
    open_networks = {Network.BLUESKY, Network.MASTODON}
    return {metric: figures[metric] for metric in MEASURED[1 if channel.network in open_networks else 0 :]}
