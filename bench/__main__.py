"""`bin/bench NAME [--only PAGE ...] [--json]`."""

import argparse
import json
import sys

from bench import pages


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("name", choices=["pages"])
    parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help="some of its pages, not all")
    parser.add_argument("--json", action="store_true", help="print figures for a program instead of a table")
    options = parser.parse_args()
    report = pages.measure(options.only)
    print(json.dumps(report.as_data(), indent=2) if options.json else report.as_text())
    return 0


sys.exit(main())
