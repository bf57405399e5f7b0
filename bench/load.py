"""Load from autocannon, a kept tool of the npm registry, as one kept-alive run of sixteen connections."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.servers import Server
from ops import assets

HERE = Path(__file__).parent
CONNECTIONS = 16
SECONDS = 5
WARM_UP_SECONDS = 2
ROUNDS = 3


@dataclass(frozen=True)
class Figures:
    """Medians of the rounds. `cpu_ms` is spent by web server, PostgreSQL and Valkey for one request."""

    cpu_ms: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


@dataclass(frozen=True)
class Target:
    server: Server
    path: str
    cookie: str


def measure(targets: dict[str, Target]) -> dict[str, Figures]:
    """All targets by turns, round after round, so that a slow minute of the machine meets them all."""
    assets.install(HERE)
    for target in targets.values():
        _run(target, WARM_UP_SECONDS)
    rounds: dict[str, list[Figures]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            rounds[name].append(_round(target))
    return {name: _median(found) for name, found in rounds.items()}


def _round(target: Target) -> Figures:
    before = target.server.cpu_seconds()
    told = _run(target, SECONDS)
    spent = target.server.cpu_seconds() - before
    requests = told["requests"]["total"]
    return Figures(
        cpu_ms=spent * 1000 / requests,
        requests_per_second=requests / told["duration"],
        p50_ms=told["latency"]["p50"],
        p99_ms=told["latency"]["p99"],
        errors=told["errors"] + told["timeouts"] + told["non2xx"],
    )


def _run(target: Target, seconds: int) -> dict[str, Any]:
    command = [
        "node", str(HERE / "node_modules" / "autocannon" / "autocannon.js"), "--json", "--no-progress",
        "--connections", str(CONNECTIONS), "--duration", str(seconds), "--headers", f"Cookie={target.cookie}",
        target.server.url + target.path,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _median(rounds: list[Figures]) -> Figures:
    return Figures(
        cpu_ms=median(each.cpu_ms for each in rounds),
        requests_per_second=median(each.requests_per_second for each in rounds),
        p50_ms=median(each.p50_ms for each in rounds),
        p99_ms=median(each.p99_ms for each in rounds),
        errors=sum(each.errors for each in rounds),
    )
