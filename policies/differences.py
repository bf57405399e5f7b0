"""What changed between two versions, clause by clause, as plain values a template can draw without colour."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from coe_portal.core import markdown
from policies.models import Clause

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
WORD = re.compile(r"\w+")
ALIKE = 0.4


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went: "same", "added" or "removed"."""

    change: str
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or example; a "changed" one holds pieces of several kinds."""

    change: str
    pieces: list[Piece]


@dataclass(frozen=True)
class ClauseDifference:
    """`change` is "same", "changed", "added" or "removed"; numbers are None where the clause is absent."""

    anchor: str
    title: str
    change: str
    old_number: int | None
    new_number: int | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def was_renumbered(self) -> bool:
        return None not in (self.old_number, self.new_number) and self.old_number != self.new_number


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> list[ClauseDifference]:
    """In the order of the new version; removed clauses stand where they stood."""
    before = {each.anchor: each for each in old}
    after = {each.anchor: each for each in new}
    found = [_difference(before.get(each.anchor), each) for each in new]
    for position, gone in enumerate(old):
        if gone.anchor not in after:
            found.insert(_place_of(old[:position], found), _removed(gone))
    return found


def only_changes(differences: Iterable[ClauseDifference]) -> list[ClauseDifference]:
    return [each for each in differences if each.change != "same"]


def _place_of(earlier: Sequence[Clause], found: Sequence[ClauseDifference]) -> int:
    anchors = [each.anchor for each in found]
    return next((anchors.index(each.anchor) + 1 for each in reversed(earlier) if each.anchor in anchors), 0)


def _removed(clause: Clause) -> ClauseDifference:
    blocks = [Block("removed", [Piece("removed", text)]) for text in blocks_of(clause)]
    return ClauseDifference(clause.anchor, clause.title, "removed", clause.number, None, blocks)


def _difference(old: Clause | None, new: Clause) -> ClauseDifference:
    if old is None:
        blocks = [Block("added", [Piece("added", text)]) for text in blocks_of(new)]
        return ClauseDifference(new.anchor, new.title, "added", None, new.number, blocks)
    blocks = list(_blocks([old.title, *blocks_of(old)], [new.title, *blocks_of(new)]))
    if blocks and blocks[0].change == "same":
        blocks = blocks[1:]  # the title, which stands above anyway
    change = "same" if all(each.change == "same" for each in blocks) else "changed"
    return ClauseDifference(new.anchor, new.title, change, old.number, new.number, blocks)


def blocks_of(clause: Clause) -> list[str]:
    """The clause as its reader sees it, one plain text a paragraph, list item or example."""
    examples = [f"{_('Do') if each['do'] else _('Do not')}: {plain(each['text'])}" for each in clause.examples]
    return [*paragraphs(clause.text), *examples]


def paragraphs(text: str) -> list[str]:
    return [plain_text for token in markdown.parser().parse(text) if (plain_text := _words(token))]


def plain(text: str) -> str:
    return " ".join(paragraphs(text))


def _words(token: object) -> str:
    children = getattr(token, "children", None)
    if children is None:
        return (
            str(getattr(token, "content", "")).strip() if getattr(token, "type", "") in {"fence", "code_block"} else ""
        )
    return "".join(
        each.content if each.type in {"text", "code_inline"} else " " * (each.type == "softbreak") for each in children
    ).strip()


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Block("same", [Piece("same", text)]) for text in old[old_from:old_to])
        else:
            yield from _replaced(old[old_from:old_to], new[new_from:new_to])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """Neighbours that are alike are shown as one changed paragraph, others as gone first, then come."""
    waiting, come = list(old), list[str]()
    for text in new:
        index = _most_alike(waiting, text)
        if index is None:
            come.append(text)
            continue
        yield from _gone_and_come(waiting[:index], come)
        yield Block("changed", _pieces(waiting[index], text))
        waiting, come = waiting[index + 1 :], []
    yield from _gone_and_come(waiting, come)


def _gone_and_come(gone: Sequence[str], come: Sequence[str]) -> Iterator[Block]:
    yield from (Block("removed", [Piece("removed", text)]) for text in gone)
    yield from (Block("added", [Piece("added", text)]) for text in come)


def _most_alike(candidates: Sequence[str], text: str) -> int | None:
    words = WORD.findall(text)
    ratios = [SequenceMatcher(a=WORD.findall(each), b=words, autojunk=False).ratio() for each in candidates]
    best = max(ratios, default=0.0)
    return ratios.index(best) if best >= ALIKE else None


def _pieces(old: str, new: str) -> list[Piece]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("removed", "".join(before[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece("added", "".join(after[new_from:new_to])))
    return _joined(pieces)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """A lone space between two changes belongs to them: "the old one" reads better than three single words."""
    joined: list[Piece] = []
    removed = added = ""
    for index, piece in enumerate(pieces):
        between = piece.change == "same" and not piece.text.strip() and index not in (0, len(pieces) - 1)
        if piece.change == "same" and not between:
            joined += [Piece(change, text) for change, text in (("removed", removed), ("added", added)) if text.strip()]
            joined.append(piece)
            removed = added = ""
        else:
            removed += piece.text if piece.change != "added" else ""
            added += piece.text if piece.change != "removed" else ""
    return joined + [Piece(change, text) for change, text in (("removed", removed), ("added", added)) if text.strip()]
