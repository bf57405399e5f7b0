"""One figure with everything that belongs to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """`value` is empty where it is not known; `change` says the comparison, or why there is none."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    change: str = ""
    trend: str = ""
    source: str = ""
    source_url: str = ""
    age: str = ""
    coverage: str = ""
    is_demo: bool = False
