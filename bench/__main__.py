"""`bin/bench NAME [--json]`."""

import argparse
import json
import sys
from collections.abc import Callable

from bench import pages

BENCHES: dict[str, Callable[[], pages.Report]] = {"pages": pages.measure}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="print figures for a program instead of a table")
    options = parser.parse_args()
    report = BENCHES[options.name]()
    print(json.dumps(report.as_data(), indent=2) if options.json else report.as_text())
    return 0


sys.exit(main())
