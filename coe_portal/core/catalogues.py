"""The catalogues of translations, collected from our sources, merged and compiled with Babel alone.

gettext's programs are not on a bare machine. `makemessages` and `compilemessages`, Django's names, lead here; the
commands in bin/ compile by themselves (ops/translations.py).
"""

import ast
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.text import camel_case_to_spaces
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("coe_portal", "policies", "training", "feedback", "metrics", "templates")
TEMPLATES = {".html", ".txt"}
WIDTH = 100

# The arguments that hold words, by the name of the function without `_lazy` and `_noop`.
FUNCTIONS = {
    "gettext": ("message",),
    "ngettext": ("message", "plural"),
    "pgettext": ("context", "message"),
    "npgettext": ("context", "message", "plural"),
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}


@dataclass(frozen=True)
class Marked:
    """One marked string and where it stands; `plural` and `context` are empty for most."""

    message: str
    plural: str
    context: str
    file: str
    line: int

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.message, self.plural) if self.plural else self.message


class Unreadable(Exception):
    """A marked string that cannot be collected, with the place."""


def collect(root: Path = ROOT) -> list[Marked]:
    """Every marked string of the code and the templates, in the order of the files."""
    return [marked for path in sources(root) for marked in strings_of(path, str(path.relative_to(root)))]


def sources(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", *TEMPLATES} and "migrations" not in path.parts:
                yield path


def strings_of(path: Path, name: str) -> Iterator[Marked]:
    text = path.read_text()
    if path.suffix == ".py":
        return strings_of_code(text, name) if "gettext" in text or "models.Model" in text else iter(())
    return strings_of_template(text, name) if "{%" in text or "{{" in text else iter(())


def strings_of_code(text: str, name: str) -> Iterator[Marked]:
    tree = ast.parse(text)
    local = local_names(tree)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    models = {"Model", *(node.name for node in classes if "abstract" in options_of(node))}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and is_unnamed_model(node, models):
            yield Marked(camel_case_to_spaces(node.name), "", "", name, node.lineno)
        function = local.get(called(node), "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and function:
            values = [literal(argument) for argument in node.args[: len(FUNCTIONS[function])]]
            if None not in values and len(values) == len(FUNCTIONS[function]):
                words = dict(zip(FUNCTIONS[function], map(str, values), strict=True))
                yield Marked(words["message"], words.get("plural", ""), words.get("context", ""), name, node.lineno)


def is_unnamed_model(node: ast.ClassDef, models: set[str]) -> bool:
    """A model that is called by its class, as Django does it; the audit trail shows such names."""
    parents = {getattr(parent, "attr", getattr(parent, "id", "")) for parent in node.bases}
    return bool(parents & models) and not {"verbose_name", "abstract"} & options_of(node)


def options_of(node: ast.ClassDef) -> set[str]:
    """The names that a model's Meta assigns."""
    return {
        target.id
        for inner in node.body
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta"
        for statement in inner.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def local_names(tree: ast.Module) -> dict[str, str]:
    """What the translating functions are called in a module: `_` for gettext in most."""
    return {
        alias.asname or alias.name: base(alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if base(alias.name) in FUNCTIONS
    }


def base(name: str) -> str:
    return name.removesuffix("_lazy").removesuffix("_noop")


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def strings_of_template(text: str, name: str) -> Iterator[Marked]:
    # In parentheses, or the blanked-out lines of the template would be taken for an indentation that is wrong.
    code = BytesIO(f"({templatize(text, origin=name)})".encode())
    for line, message, _comments, context in extract("python", code, keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        yield Marked(singular, plural, context or "", name, line)


def template_of(marked: Iterable[Marked]) -> Catalog:
    """A catalogue without translations; a message used alone and as the singular of a plural is one entry."""
    catalogue = Catalog(locale="en")
    plurals: dict[tuple[str, str], Marked] = {}
    for each in marked:
        if each.plural:
            first = plurals.setdefault((each.context, each.message), each)
            if first.plural != each.plural:
                raise Unreadable(f"{each.file}:{each.line}: {each.message!r} has another plural in {first.file}")
        catalogue.add(each.id, context=each.context or None, lineno=each.line)
    return catalogue


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def languages(root: Path = ROOT) -> list[str]:
    return sorted(path.parent.parent.name for path in root.glob("locale/*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def merged(known: Catalog, marked: Iterable[Marked]) -> Catalog:
    """The strings of today with the translations that are known; what is gone from the sources goes from here too."""
    catalogue = Catalog(locale=known.locale, header_comment="", fuzzy=False)
    for message in template_of(marked):
        if message.id:
            before = known.get(message.id, message.context)
            kept = before.string if before is not None and before.pluralizable == message.pluralizable else ""
            catalogue.add(message.id, kept, context=message.context, flags=message.flags)
    return catalogue


def text_of(catalogue: Catalog) -> bytes:
    """Sorted, without places and dates, so that a change of the catalogue shows what changed and nothing else."""
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, omit_header=True, no_location=True, sort_output=True)
    return header_of(catalogue).encode() + out.getvalue()


def header_of(catalogue: Catalog) -> str:
    lines = [
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    ]
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), "", ""])


def compile_all(root: Path = ROOT) -> list[Path]:
    """A .mo beside every .po: what Django reads."""
    written = []
    for language in languages(root):
        source = catalogue_path(language, root)
        out = BytesIO()
        write_mo(out, read(source))
        replace(source.with_suffix(".mo"), out.getvalue())
        written.append(source.with_suffix(".mo"))
    return written


def replace(path: Path, content: bytes) -> None:
    """In one step, for whoever is reading it."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def is_empty(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not all(strings)


if __name__ == "__main__":
    compile_all(*map(Path, sys.argv[1:]))
