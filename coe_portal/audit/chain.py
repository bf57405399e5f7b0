"""How the chain is worked out: one definition for those who seal and those who verify.

The text of an entry is asked of PostgreSQL by an expression, not by a function of the database that somebody with
enough rights could have replaced; hashes are computed here.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

# As in migration 0003, where the digest is computed with the insert.
ENTRY_TEXT = (
    "json_build_array(id, (extract(epoch FROM at) * 1000000)::bigint, actor_id, verb, kind, object_id,"
    " summary, details)::text"
)


@dataclass(frozen=True)
class Link:
    """What a seal's hash covers."""

    number: int
    at: datetime
    after: int
    upto: int
    entries: int
    content: str
    previous: str

    @property
    def hash(self) -> str:
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [self.number, moment, self.after, self.upto, self.entries, self.content, self.previous]
        return sha256(json.dumps(parts).encode()).hexdigest()


def digest_of(entry_text: str) -> bytes:
    return sha256(entry_text.encode()).digest()
