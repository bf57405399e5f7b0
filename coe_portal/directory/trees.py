"""What a file says about the departments, laid over those that are there: unknown ones and circles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """A department as the first line that names it tells. `parent` is None where the file does not say."""

    line: int
    code: str
    name: str = ""
    parent: str | None = None
    location: str = ""


def circles(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """Every code that is in a circle, with the path from it back to itself. `parents` leads upwards, "" is the top."""
    found: dict[str, list[str]] = {}
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        place: dict[str, int] = {}
        code = start
        while code and code not in settled and code not in place:
            place[code] = len(path)
            path.append(code)
            code = parents.get(code, "")
        if code in place:
            ring = path[place[code] :]
            for number, each in enumerate(ring):
                found[each] = [*ring[number:], *ring[:number], each]
        settled.update(path)
    return found


def below(bad: Iterable[str], parents: Mapping[str, str]) -> set[str]:
    """The codes from which the way up meets one of the bad ones, those included."""
    known = dict.fromkeys(bad, True)
    for start in parents:
        path, code, seen = [], start, set()
        while code and code not in known and code not in seen:
            seen.add(code)
            path.append(code)
            code = parents.get(code, "")
        verdict = known.get(code, False)
        known.update(dict.fromkeys(path, verdict))
    return {code for code, is_bad in known.items() if is_bad}
