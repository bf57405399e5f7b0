"""Findings of the questionnaire as charts."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from coe_portal.core.charts import Bar, Chart, bars
from metrics.standing.owyang import BY_KEY, HISTORY, MODELS, NUMBER_ASKED, SOURCE, SOURCE_URL, SURVEYED
from metrics.standing.queries import RoundResult
from metrics.standing.scoring import Profile


def percent(share: float | None) -> str:
    return _("not judged") if share is None else f"{share * 100:.0f} %"


def finding(result: RoundResult) -> str:
    """Who sees which model in the lead, as one sentence."""
    seen = [(group.label, _leading(group.profile)) for group in result.groups]
    names = {name for _group, name in seen}
    if len(names) == 1:
        return _("Everybody who answered sees us as: %(model)s") % {"model": names.pop()}
    said = "; ".join(f"{group}: {name}" for group, name in seen)
    return _("Opinions differ. %(said)s") % {"said": said}


def answered_chart(result: RoundResult, previous: RoundResult | None) -> Chart:
    groups: list[tuple[str, Profile]] = [(group.label, group.profile) for group in result.groups]
    columns = [*groups, (_("All"), result.everybody)]
    if previous:
        columns.append((_("All, %(round)s") % {"round": previous.round.name}, previous.everybody))
    rows = [[str(model.name), *(percent(seen.shares[model.key]) for _label, seen in columns)] for model in MODELS]
    return Chart(
        id="chart-answered",
        title=finding(result),
        spec=bars(
            [
                Bar(str(model.name), _percent_value(seen, model.key), percent(seen.shares[model.key]), label)
                for model in MODELS
                for label, seen in groups
            ],
            unit=_("share of what is felt, %"),
            step=22,
        ),
        alt=_in_words(groups),
        source=_("Questionnaire %(round)s, %(count)d raters") % {"round": result.round.name, "count": result.raters},
        columns=[_("Model"), *(label for label, _seen in columns)],
        rows=rows,
        demo=result.round.is_demo,
    )


def history_chart() -> Chart:
    first, last = HISTORY
    return Chart(
        id="chart-history",
        title=_("Between 2010 and 2012 the dandelion gained most"),
        spec=bars(
            [
                Bar(str(model.name), share, _share(share), str(spread.year))
                for position, model in enumerate(MODELS)
                for spread, share in ((each, each.shares[position]) for each in HISTORY)
            ],
            unit=_("% of companies"),
            step=22,
        ),
        alt=_("Historical: share of each model in %(first)d and %(last)d among %(who)s.")
        % {"first": first.year, "last": last.year, "who": SURVEYED},
        source=str(SOURCE),
        source_url=SOURCE_URL,
        age=_("Historical: %(years)s; %(who)s. %(number)s")
        % {"years": f"{first.year}, {last.year}", "who": SURVEYED, "number": NUMBER_ASKED},
        columns=[_("Model"), *(str(spread.year) for spread in HISTORY)],
        rows=[
            [str(model.name), *(_share(spread.shares[position]) for spread in HISTORY)]
            for position, model in enumerate(MODELS)
        ],
    )


def _leading(seen: Profile) -> str:
    return str(BY_KEY[seen.leading].name) if seen.leading else _("no single model")


def _percent_value(seen: Profile, key: str) -> float | None:
    share = seen.shares[key]
    return None if share is None else share * 100


def _share(share: Decimal) -> str:
    return f"{share.normalize():f} %"


def _in_words(groups: Sequence[tuple[str, Profile]]) -> str:
    said = [
        f"{label}: " + ", ".join(f"{model.name} {percent(seen.shares[model.key])}" for model in MODELS)
        for label, seen in groups
    ]
    return ". ".join(said) + "."
