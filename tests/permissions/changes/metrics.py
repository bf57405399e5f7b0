"""Figures, goals, costs and outcomes, asks, imports and where we stand."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from metrics.standing.statements import STATEMENTS
from tests.permissions.changes.kinds import NEW, Change, Entry, as_shown, one, send

CHANNEL = "channels.channel"
LINKEDIN = "Date,Impressions (organic)\n01/02/2026,12\n"
OUTCOMES = "month,outcome,number,source\n2024-01,call,12,Switchboard\n"


def day(ahead: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


CHANGES: dict[str, Change] = {
    "metrics:enter_figure": one(
        "strategist", "enter figure of", CHANNEL,
        fields=lambda page: {"metric": "followers", "day": day(), "value": "17", "evidence_url": "https://x.example"},
    ),
    "metrics:collect_now": one("strategist", "collect", CHANNEL),
    "metrics:imports": one(
        "strategist", "upload", "metrics.upload", NEW,
        fields=lambda page: {"file": SimpleUploadedFile("linkedin_2026-02-01.csv", LINKEDIN.encode())},
    ),
    "metrics:import_confirm": one("strategist", "import", "metrics.upload"),
    "metrics:import_discard": one("strategist", "discard", "metrics.upload"),
    "metrics:event_add": one(
        "strategist", "write event note", "metrics.eventnote", NEW, fields=as_shown(title="A storm")
    ),
    "metrics:campaign_add": one(
        "strategist", "add campaign", "metrics.campaign", NEW,
        fields=lambda page: {"name": "Quokka", "slug": "quokka", "starts": day()},
    ),
    "metrics:campaign_change": one(
        "strategist", "change campaign", "metrics.campaign", fields=as_shown(purpose="Another one.")
    ),
    "metrics:activity_add": one(
        "strategist", "add activity", "metrics.activity", NEW, fields=as_shown(name="Film a quokka")
    ),
    "metrics:activity_change": one("strategist", "change activity", "metrics.activity", fields=as_shown(hours="3")),
    "metrics:outcome_add": one(
        "strategist", "count outcomes", "metrics.outcomecount", NEW,
        fields=lambda page: {
            "month": "2024-01", "kind": "call", "count": "12", "rule": "last_touch", "source_note": "Switchboard"
        },
    ),
    "metrics:outcome_import": one(
        "strategist", "count outcomes", "metrics.outcomecount", NEW,
        fields=send(text=OUTCOMES, rule="last_touch", take="yes"),
    ),
    "metrics:value_add": one(
        "strategist", "agree value", "metrics.outcomevalue", NEW,
        fields=lambda page: page.as_shown(
            kind="call", low="1", likely="2", high="3", agreed_on=day(), agreed_by="Finance", basis="A study."
        ),
    ),
    "metrics:assumption_add": one(
        "strategist", "decide assumption", "metrics.assumption", NEW,
        fields=as_shown(key="costs", statement="Salaries count.", reason="They are most of it."),
    ),
    "metrics:goal_add": Change(
        "strategist",
        [Entry("set goal", "metrics.goal", NEW), Entry("set target", "metrics.goaltarget", NEW)],
        lambda page: page.as_shown(
            title="More", metric="reach", baseline="1", baseline_month="2026-01", target="2", due=day(90)
        ),
        because="A goal outlives its targets: each target has an entry of its own, the first one, too.",
    ),
    "metrics:target_move": one(
        "strategist", "move target", "metrics.goaltarget", NEW,
        fields=lambda page: {"value": "9", "due": day(120), "reason": "More people."},
    ),
    "metrics:ask_add": one(
        "strategist", "ask executives", "metrics.ask", NEW, fields=send(title="May we?", reason="We could.")
    ),
    "metrics:ask_decide": one(
        "executive", "granted ask", "metrics.ask", fields=send(decision="granted", reason="Yes.")
    ),
    "metrics:seal": one("strategist", "seal month", "metrics.snapshot", NEW),
    "metrics:standing_open": one(
        "strategist", "open round", "metrics.round", NEW,
        fields=lambda page: {"name": "Spring", "opens": day(), "closes": day(14)},
    ),
    "metrics:standing_answer": one(
        "strategist", "rate standing", "metrics.rating", NEW,
        fields=lambda page: {each.key: "2" for each in STATEMENTS},
    ),
    "metrics:comparator_add": one(
        "strategist", "add comparator", "metrics.comparator", NEW, fields=send(name="Another", source="A report")
    ),
    "metrics:comparator_change": one(
        "strategist", "change comparator", "metrics.comparator", fields=as_shown(note="Another note.")
    ),
}  # fmt: skip
