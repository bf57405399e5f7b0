""" "Did you mean": the words of what the person may read, and which of them was probably meant."""

from collections.abc import Iterable, Sequence

from coe_portal.people.models import User
from coe_portal.search.statements import fetched
from coe_portal.search.synonyms import languages_of, synonyms_for
from coe_portal.search.wording import taken_apart, too_common

# Shorter words have too many neighbours: "is" is no slip for "in".
SHORTEST = 4
# A swap of letters in a short word leaves few of its trigrams; what is alike is looked at letter by letter.
ALIKE = 0.2
# Two slips in a long word, and it still looks the same: "vacaciones" is no slip for "vaccines".
LOOKS_THE_SAME = 0.45
LOOKED_AT = 20


def correction(person: User, text: str) -> str:
    """The text with every unknown word replaced by the one a slip away that the person could read, or ""."""
    typed = taken_apart(text)
    if not typed.is_plain:
        return ""
    audience_ids = sorted(person.access.audience_ids)
    unknown = _unknown(typed.words, languages_of(person.language), audience_ids)
    similar = _similar(sorted(unknown), audience_ids) if unknown else {}
    meant = [similar.get(word, word) for word in typed.words]
    return " ".join(meant) if meant != typed.words else ""


def rarest(words: Sequence[str], audience_ids: Sequence[int], at_most: int = 3) -> list[str]:
    """The words that say most, in the order they were typed."""
    documents = documents_of(words, audience_ids)
    common = sorted(documents, key=lambda word: documents[word])[at_most:]
    return [word for word in words if word not in common]


def documents_of(words: Iterable[str], audience_ids: Sequence[int]) -> dict[str, int]:
    sql = """
        SELECT word, sum(documents) FROM search_searchword
        WHERE word = ANY(%s) AND (audience_id IS NULL OR audience_id = ANY(%s::bigint[])) GROUP BY word
    """
    return dict(fetched(sql, [list(words), list(audience_ids)]))


def _unknown(words: Sequence[str], languages: Sequence[str], audience_ids: Sequence[int]) -> set[str]:
    """Long enough, in no document, no word that strategists wrote down, and none that every text has."""
    long_enough = {word for word in words if len(word) >= SHORTEST and word.isalpha()}
    unknown = long_enough - set(documents_of(long_enough, audience_ids))
    unknown -= {word for term in synonyms_for(languages) for word in term}
    return unknown - too_common(sorted(unknown), languages) if unknown else unknown


def _similar(words: Sequence[str], audience_ids: Sequence[int]) -> dict[str, str]:
    """For each word the nearest one by letters, of those the one in most documents."""
    sql = f"""
        SET LOCAL pg_trgm.similarity_threshold = {ALIKE};
        SELECT unknown.word, found.word, alike, documents FROM unnest(%s::text[]) AS unknown (word), LATERAL (
            SELECT known.word, similarity(known.word, unknown.word) AS alike, sum(known.documents) AS documents
            FROM search_searchword AS known
            WHERE known.word %% unknown.word AND (known.audience_id IS NULL OR known.audience_id = ANY(%s::bigint[]))
            GROUP BY known.word ORDER BY alike DESC, known.word LIMIT {LOOKED_AT}
        ) AS found
    """  # noqa: S608 - our own words; every value is a parameter
    near = [
        (word, (slips, -documents, known))
        for word, known, alike, documents in fetched(sql, [list(words), list(audience_ids)])
        if (slips := distance(word, known)) == 1 or (slips == 2 and alike >= LOOKS_THE_SAME)
    ]
    return {word: known for word, (_slips, _documents, known) in sorted(near, reverse=True)}


def distance(one: str, other: str) -> int:
    """Letters left out, put in, mistaken or swapped with the next (Damerau and Levenshtein, optimal alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and (letter, one[row - 2]) == (other[column - 2], wanted)
            here.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, above = above, here
    return above[-1]
