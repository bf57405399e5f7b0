"""The demo's texts as they stand in the files beside this one.

`== category | flags | title` begins a topic, `about: word` names the clause it is about. `-- who flags` begins a reply,
with its text below or behind a bar. Flags: pinned, strategists, open, "duplicate: TITLE"; of replies: answer, verified.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass
class Reply:
    who: str
    flags: list[str]
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass
class Thread:
    kind: str
    category: str
    flags: str
    title: str
    about: str = ""
    lines: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip() or self.title

    @property
    def original(self) -> str:
        """The title of the question that this one repeats."""
        return self.flags.partition("duplicate: ")[2]


@dataclass
class Tale:
    state: str
    department: str
    shows_patient: bool
    title: str
    url: str = ""
    reason: str = ""
    text: str = ""


def threads(name: str) -> list[Thread]:
    """`name` is the file: "questions.txt" or "discussions.txt"."""
    kind = name.partition("s.")[0]
    found: list[Thread] = []
    for line in _lines(name):
        if line.startswith("== "):
            found.append(_head(kind, line[3:]))
        elif line.startswith("about: "):
            found[-1].about = line[7:]
        elif line.startswith("-- "):
            found[-1].replies.append(_reply(line[3:]))
        else:
            (found[-1].replies[-1] if found[-1].replies else found[-1]).lines.append(line)
    return found


def _lines(name: str) -> Iterator[str]:
    return iter((HERE / name).read_text(encoding="utf-8").splitlines())


def _head(kind: str, line: str) -> Thread:
    category, *flags, title = [part.strip() for part in line.split(" | ")]
    return Thread(kind, category, flags[0] if flags else "", title)


def _reply(line: str) -> Reply:
    head, _, text = line.partition(" | ")
    who, *flags = head.split()
    return Reply(who, flags, [text] if text else [])


def tales() -> list[Tale]:
    found: list[Tale] = []
    for line in _lines("stories.txt"):
        if line.startswith("== "):
            state, department, shows_patient, title = line[3:].split(" | ")
            found.append(Tale(state, department, shows_patient == "yes", title))
        elif line.startswith("https://"):
            found[-1].url = line
        elif line.startswith("!! "):
            found[-1].reason = line[3:]
        else:
            found[-1].text = f"{found[-1].text}\n{line}".strip()
    return found
