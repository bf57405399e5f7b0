"""A hundred thousand documents in the search: what words of every kind cost, on the page and while they are typed.

`bin/bench search --only 1000000` takes another number of documents.
"""

import io
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction
from django.test import Client

DOCUMENTS, VOCABULARY = 100_000, 30_000
SEED = 2026
AUDIENCES = 50
ROUNDS = 5
GOAL_FIND_MS, GOAL_PAGE_MS, GOAL_SUGGEST_MS = 15.0, 20.0, 1.0
# Where in the vocabulary a word stands, the most common one first: what is in most documents, and what is in one.
RANKS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 2_584, 6_765, 17_711, 28_657)
INDEXES = {"search_long": "vector", "search_short": "short_vector"}


@dataclass
class Report:
    """Milliseconds of PostgreSQL's processor, of each text the median of five goes; of the page the whole answer."""

    documents: int
    find: dict[str, float] = field(default_factory=dict)
    suggest: dict[str, float] = field(default_factory=dict)
    page: dict[str, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        lines = [f"{self.documents:,} documents, milliseconds"]
        for name, found, goal in (
            ("find, SQL", self.find, GOAL_FIND_MS),
            ("find, page", self.page, GOAL_PAGE_MS),
            ("suggest, SQL", self.suggest, GOAL_SUGGEST_MS),
        ):
            lines += [f"{name}: {text[:40]:<42}{found[text]:>8.2f}" for text in found]
            p95 = p95_of(found.values())
            lines.append(f"{name}: p95 {p95:.2f}, goal {goal:.0f}: {'met' if p95 <= goal else 'missed'}")
        return "\n".join(lines)


def p95_of(values: Any) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))])


def measure(only: Sequence[str] = ()) -> Report:
    """In a transaction that is given up at the end, so that the demo organisation stays as it is."""
    django.setup()
    from bench.portal import set_up
    from coe_portal.core.database_roles import as_owner

    set_up()
    report = Report(int(only[0]) if only else DOCUMENTS)
    with as_owner(), transaction.atomic():
        vocabulary = _vocabulary()
        _fill(report.documents, vocabulary)
        _look(report, vocabulary)
        transaction.set_rollback(True)
    return report


def _vocabulary() -> list[str]:
    """Words of the demo organisation that an index holds, and made ones up to the size of a real vocabulary."""
    from coe_portal.search.models import SearchWord
    from coe_portal.search.wording import too_common

    chance = random.Random(SEED)
    known = list(SearchWord.objects.order_by("word").values_list("word", flat=True).distinct())
    common = too_common(known, ["en"])
    words = [word for word in known if word not in common]
    chance.shuffle(words)
    syllables = [first + vowel + last for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in "lmnrst"]
    made = {"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(2 * VOCABULARY)}
    return [*words, *sorted(made - set(words))][:VOCABULARY]


def _fill(documents: int, vocabulary: Sequence[str]) -> None:
    """Texts of 60 to 250 words, the n-th word of the vocabulary about 1/(n + 20) as often as the first."""
    from coe_portal.people.models import Audience

    chance = random.Random(SEED)
    weights = list(accumulate(1 / (n + 20) for n in range(len(vocabulary))))
    everyone = Audience.objects.everyone().pk
    rooms = [everyone, *(Audience.objects.create(name=f"Room {n}").pk for n in range(AUDIENCES))]
    lines = io.StringIO()
    for n in range(documents):
        words = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(70, 260))
        title, text = " ".join(words[: 4 + n % 6]), " ".join(words[4 + n % 6 :])
        audience = everyone if n % 3 else chance.choice(rooms)
        kind = ("topic", "topic", "question", "topic", "clause", "lesson")[n % 6]
        row = (kind, 10_000_000 + n, "en", title, text[:300], text, f"/made/{n}/", audience, _day(chance))
        lines.write("\t".join(map(str, row)) + "\n")
    lines.seek(0)
    columns = "kind, object_id, language, title, lead, body, url, audience_id, changed_at"
    with connection.cursor() as cursor:
        for name in INDEXES:
            cursor.execute(f"DROP INDEX {name}")
        cursor.copy_expert(f"COPY search_searchdocument ({columns}) FROM STDIN", lines)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for name, column in INDEXES.items():
            cursor.execute(f"CREATE INDEX {name} ON search_searchdocument USING gin ({column}) WITH (fastupdate = off)")
        cursor.execute("ANALYZE search_searchdocument")
    _write_words(vocabulary, everyone)


def _day(chance: random.Random) -> str:
    return f"20{chance.randint(21, 26)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 09:00+00"


def _write_words(vocabulary: Sequence[str], everyone: int) -> None:
    """What a rebuild would count, without the minutes that it takes over a hundred thousand texts."""
    from coe_portal.search.models import SearchWord

    SearchWord.objects.all().delete()
    rows = [
        SearchWord(word=word, audience_id=everyone, documents=1 + 60_000 // (n + 1))
        for n, word in enumerate(vocabulary)
    ]
    SearchWord.objects.bulk_create(rows, batch_size=5_000)


def _look(report: Report, vocabulary: Sequence[str]) -> None:
    from coe_portal.people.demo import DOMAIN
    from coe_portal.people.models import User
    from coe_portal.search.queries import find, suggest

    person = User.objects.get(email=f"employee@{DOMAIN}")
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="coe_portal.people.backends.PortalBackend")
    for text, options in _texts(vocabulary).items():
        address = {"q": text, **options}
        name = " ".join(address.values())
        kind, page = options.get("kind"), int(options.get("page", 1))
        report.find[name] = _sql_ms(partial(find, person, text, kind, page))
        report.page[name] = _ms(partial(client.get, "/search/", address))
    for text in _half_typed(vocabulary):
        report.suggest[text] = _sql_ms(partial(suggest, person, text))


def _texts(words: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What is typed, with what is chosen beside it."""
    pairs = [f"{words[a]} {words[b]}" for a, b in ((0, 1), (2, 55), (8, 987), (34, 89), (233, 610), (5, 28_657))]
    longer = [" ".join(words[n] for n in ranks) for ranks in ((0, 1, 2), (3, 34, 144), (1, 5, 13, 55, 233))]
    return {
        **{words[rank]: {} for rank in RANKS},
        **{text: {} for text in [*pairs, *longer]},
        words[4]: {"kind": "lesson"},
        words[6]: {"page": "5"},
        f'"{words[0]} {words[1]}"': {},
        f"{words[2]} -{words[3]}": {},
        words[7][:3]: {},
        words[9][:2]: {},
        f"{words[40]}xq": {},
        "zzyzzyx qwrtpsd": {},
    }


def _half_typed(words: Sequence[str]) -> list[str]:
    whole = [words[rank] for rank in RANKS[::3]]
    two = [f"{words[0]} {words[1][:3]}", f"{words[13]} {words[144]}", f"{words[89]} zzyzz {words[2]}"]
    return [*(word[:n] for word in whole for n in range(1, len(word) + 1)), *two]


def _sql_ms(act: Callable[[], object]) -> float:
    """The median of what all statements of one go take together."""
    act()
    goes = []
    for _ in range(ROUNDS):
        with _statements() as taken:
            act()
        goes.append(taken())
    return sorted(goes)[ROUNDS // 2]


def _ms(act: Callable[[], object]) -> float:
    goes = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        goes.append((time.perf_counter() - begun) * 1_000)
    return sorted(goes)[ROUNDS // 2]


@contextmanager
def _statements() -> Iterator[Callable[[], float]]:
    """What the server spends on this connection; where a machine has other work, the time that passes says less."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def nanoseconds() -> int:
        return int(spent.read_text().split()[0])

    begun = nanoseconds()
    yield lambda: (nanoseconds() - begun) / 1_000_000
