"""One adapter a network."""

from metrics.collectors.bluesky import Bluesky
from metrics.collectors.feed import Feed
from metrics.collectors.mastodon import Mastodon
from metrics.collectors.protocol import Collector

COLLECTORS: dict[str, Collector] = {each.network: each for each in (Bluesky(), Mastodon(), Feed())}

__all__ = ["COLLECTORS"]
