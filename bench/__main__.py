"""`bin/bench NAME [--only PAGE ...] [--json]`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from bench import audiences, branch, directory, mail, pages, search, trail

Report = audiences.Report | branch.Report | directory.Report | mail.Report | pages.Report | search.Report | trail.Report
Measure = Callable[[Sequence[str]], Report]
BENCHES: dict[str, Measure] = {
    "audiences": audiences.measure,
    "branch": branch.measure,
    "directory": directory.measure,
    "mail": mail.measure,
    "pages": pages.measure,
    "search": search.measure,
    "trail": trail.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help="some of its pages, not all")
    parser.add_argument("--json", action="store_true", help="print figures for a program instead of a table")
    options = parser.parse_args()
    report = BENCHES[options.name](options.only)
    print(json.dumps(report.as_data(), indent=2) if options.json else report.as_text())
    return 0


sys.exit(main())
