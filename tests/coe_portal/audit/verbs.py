"""Every verb that the code can write into the trail, read from the code.

A verb is what stands after `verb=`, or what a function is given that hands it on so: constants, choices between them,
and names that hold one. What only a running portal knows, such as a state in the middle of a verb, has its list in
`WORKED_OUT`; anything else that cannot be read is an error, so that no verb goes unseen.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from coe_portal.channels.models import Channel, ChannelRequest
from feedback.models import Hold
from metrics.executive.models import Ask
from policies.models import Review

ROOT = Path(__file__).parent.parent.parent.parent
APPS = ("coe_portal", "feedback", "metrics", "policies", "training")
# Where a verb arrives, to be written, told or put into words.
ARRIVALS = {"audit/actions/recording.py", "people/facts.py", "audit/words.py"}

WORKED_OUT: Mapping[str, set[str]] = {
    "f'make {to}'": {f"make {state}" for state in Channel.LISTED},
    "request.decision": {decision for decision in ChannelRequest.Decision.values if decision != "open"},
    "f'policies.{decision}'": {f"policies.{decision}" for decision in Review.Decision.values},
    "f'{decision} ask'": {f"{decision} ask" for decision in Ask.Decision.values if decision},
    "outcome": {outcome for outcome in Hold.Outcome.values if outcome},
}


Takers = Mapping[str, int]  # functions that take a verb, and at which place among the positional arguments


def recorded_verbs() -> set[str]:
    """Raises LookupError, with file and line, for a verb that cannot be read."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files()}
    shared = {name: place for tree in trees.values() for name, place in _takers(tree) if not name.startswith("_")}
    found: set[str] = set()
    for path, tree in trees.items():
        takers = {**shared, **dict(_takers(tree))}
        for function, call in _calls(tree):
            for value in _verbs_given(call, takers):
                found |= _read(value, function, f"{path.relative_to(ROOT)}:{call.lineno}")
    return found


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for place, argument in enumerate(function.args.args):
                if argument.arg == "verb" and argument.annotation and ast.unparse(argument.annotation) == "str":
                    yield function.name, place


def written_by_sql() -> list[str]:
    """Files that write into the trail past `record`."""
    pattern = re.compile(r"(INSERT INTO|COPY)\s+audit_auditentry", re.IGNORECASE)
    return [str(path.relative_to(ROOT)) for path in _files() if pattern.search(path.read_text(encoding="utf-8"))]


def _files() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and not any(path.match(each) for each in ARRIVALS):
                yield path


def _calls(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
    """Each call, with the innermost function around it."""

    def walk(node: ast.AST, inside: ast.FunctionDef | None) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield inside, child
            yield from walk(child, child if isinstance(child, ast.FunctionDef) else inside)

    return walk(tree, None)


def _verbs_given(call: ast.Call, takers: Takers) -> Iterator[ast.expr]:
    yield from (each.value for each in call.keywords if each.arg == "verb")
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in takers and len(call.args) > takers[name]:
        yield call.args[takers[name]]


def _read(value: ast.expr, function: ast.FunctionDef | None, where: str) -> set[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return _read(value.body, function, where) | _read(value.orelse, function, where)
    if (text := ast.unparse(value)) in WORKED_OUT:
        return WORKED_OUT[text]
    if isinstance(value, ast.Name) and function is not None:
        if value.id == "verb" and "verb" in [each.arg for each in [*function.args.args, *function.args.kwonlyargs]]:
            return set()  # handed on: read where this function is called
        if held := list(_held(value.id, function)):
            return set().union(*(_read(each, function, where) for each in held))
    raise LookupError(f"{where}: which verbs are these? {text}")


def _held(name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a name of the function can be: from its assignments, and from a loop over pairs or words."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            yield node.value
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple | ast.List):
            yield from _of_loop(name, node.target, node.iter.elts)


def _of_loop(name: str, target: ast.expr, items: list[ast.expr]) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield from items
    if isinstance(target, ast.Tuple):
        for place, each in enumerate(target.elts):
            if isinstance(each, ast.Name) and each.id == name:
                yield from (item.elts[place] for item in items if isinstance(item, ast.Tuple))
