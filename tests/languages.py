"""Finds words that a person reads and that nobody can translate: in templates and in code."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

from coe_portal.core.catalogues import FUNCTIONS, base, local_names

HOLE = "\ue000"
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"\b[A-ZÁÉÍÓÚÑ][\w'’]*,?(?: [\w'’…-]+[,:]?){1,}")  # noqa: RUF001
LITERAL = re.compile(r"""(?:"([^"]*)"|'([^']*)')""")
MARKED_LITERAL = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")
SHOWING_FILTERS = re.compile(r'\|(default|default_if_none|yesno|pluralize|add|join):"([^"]*)"')
# An "s" for the plural, and the order of day, month and year, are those of one language.
ENGLISH_FILTERS = re.compile(r"""\|(pluralize(?!:)|date:["'](?!\w+_FORMAT)[^"']*[FMbNlD][^"']*["'])""")
TRANSLATING = ("translate", "blocktranslate")
FORMATS = {"DATE_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT", "YEAR_MONTH_FORMAT"}

# The same in every language.
NAMES = {
    *{"Bluesky", "Facebook", "Instagram", "LinkedIn", "Mastodon", "Pinterest", "Reddit", "Threads", "TikTok", "X"},
    *{"YouTube", "CSV", "XLSX", "PDF", "SHA-256", "· SHA-256", "utm_campaign="},
    *{"Edge", "Opera", "Firefox", "Chrome", "Safari", "Android", "Windows", "ChromeOS", "Linux", "Mac OS X"},
    *{"Source Sans 3", "Social Media Center of Excellence"},
    *{"Cardiology", "Amara Okonkwo", "Jonas Weber", "Priya Raman"},  # examples of the design system
}

# Elements whose text is not for people, or is code that stays as it is in every language.
SILENT = {"style", "script", "code", "kbd", "samp", "pre"}
SPOKEN = {
    *{"title", "alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "placeholder"},
    *{"label", "lead", "hint", "caption", "text", "abbr", "srcdoc"},
}
# Attributes of our own and of components may be called anything: what reads like a sentence in one of them is shown.
NOT_SHOWN = re.compile(
    r"^(class|style|id|name|for|type|rel|sizes|srcset|media|d|points|transform|viewbox|accept|src|href)$"
)
NOT_SHOWN_EITHER = re.compile(
    r"^(aria-(controls|describedby|labelledby|owns|errormessage|details)|data-hx-|:|headers$)"
)
SPOKEN_OF_COMPONENTS = {
    *{"heading", "empty", "note", "summary", "landmark", "unit", "source", "finding", "question", "action-label"}
}


@dataclass(frozen=True)
class Unmarked:
    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


def unmarked_in_template(text: str, file: str) -> list[Unmarked]:
    reader = TemplateReader(file)
    reader.feed(without_tags(text))
    reader.close()
    return [*reader.found, *(Unmarked(file, line, words) for line, words in literals(text))]


def without_tags(text: str) -> str:
    """The HTML of a template with holes where its tags and variables were; the lines stay the lines."""
    out: list[str] = []
    skipping = ""
    for token in Lexer(text).tokenize():
        if skipping:
            skipping = "" if token.contents == f"end{skipping}" else skipping
            out.append("\n" * lines_of(token))
        elif token.token_type == TokenType.TEXT:
            out.append(token.contents)
        else:
            word = token.contents.split()[0] if token.contents.split() else ""
            if token.token_type == TokenType.BLOCK and word in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                skipping = word
            out.append(HOLE + "\n" * lines_of(token))
    return re.sub(f"(</?){HOLE}", r"\1div", "".join(out))  # <{{ element }}>


def lines_of(token: Token) -> int:
    return token.contents.count("\n")


class TemplateReader(HTMLParser):
    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.found: list[Unmarked] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        spoken = SPOKEN | (SPOKEN_OF_COMPONENTS if tag.startswith("c-") else set())
        given = dict(attrs)
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            spoken = spoken | {"value"}
        if tag == "meta" and given.get("name") == "description":
            spoken = spoken | {"content"}
        for name, value in attrs:
            if value and (name in spoken or is_sentence(name, value)):
                self.look(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SILENT:
            self.silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.look(data)

    def look(self, text: str) -> None:
        words = " ".join(text.replace(HOLE, " ").split())
        if LETTERS.search(words) and words not in NAMES:
            self.found.append(Unmarked(self.file, self.getpos()[0], words))


def is_sentence(attribute: str, value: str) -> bool:
    """Two words or more after a capital, wherever they stand: `data-confirm="Really delete it?"`."""
    if NOT_SHOWN.match(attribute) or NOT_SHOWN_EITHER.match(attribute):
        return False
    if attribute.endswith("label") or (attribute.startswith("data-") and reads_like_words(value.replace(HOLE, ""))):
        return True
    return bool(SENTENCE.search(value.replace(HOLE, " ")))


def literals(text: str) -> Iterator[tuple[int, str]]:
    """Words in quotes that a tag or a filter would show: `default:"None"`, `with title="Your policies"`."""
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.VAR:
            shown = [value for _filter, value in SHOWING_FILTERS.findall(token.contents) if LETTERS.search(value)]
            shown += ENGLISH_FILTERS.findall(token.contents)
        elif token.token_type == TokenType.BLOCK and not token.contents.startswith(TRANSLATING):
            quoted = LITERAL.findall(MARKED_LITERAL.sub("", token.contents))
            shown = [value for value in map("".join, quoted) if reads_like_words(value)]
        else:
            shown = []
        yield from ((token.lineno, value) for value in shown if value not in FORMATS | NAMES)


def reads_like_words(value: str) -> bool:
    """Words for people have a space or begin with a capital; names in code do not."""
    return bool(LETTERS.search(value)) and (" " in value.strip() or value[:1].isupper())


# What a person reads of what code hands on: by the name of the argument, ...
SHOWN_ARGUMENTS = {
    *{"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "title", "lead", "hint", "caption"},
    *{"heading", "message", "alt", "note", "text", "summary", "reason", "subject", "unit", "question", "empty"},
    *{"badge", "greeting", "body", "action", "more_label", "confirm", "description", "placeholder"},
}
# ... and by what is called: the places of the arguments that are words.
SHOWN_PLACES = {
    **dict.fromkeys(("success", "info", "warning", "error"), slice(1, 2)),
    "add_message": slice(2, 3),
    "add_error": slice(1, 2),
    "Measurement": slice(1, 4),
    "NavItem": slice(0, 1),
    **dict.fromkeys(("EmailMessage", "EmailMultiAlternatives", "send_mail", "HttpResponse", "Paragraph"), slice(2)),
    "csv_response": slice(1, 2),
    "xlsx_response": slice(1, 2),
}
# Exceptions whose words a person reads.
REFUSALS = {
    *{
        "ValidationError",
        "Refused",
        "EditedMeanwhile",
        "WrongState",
        "NotReady",
        "NotNow",
        "BadLine",
        "BadCell",
        "Problem",
    },
}
# Dictionaries whose values are words: of a form's Meta, and the messages of a field.
SHOWN_DICTIONARIES = {"labels", "help_texts", "error_messages"}
LOGS = {"logger", "log", "logging"}
RECORDS = {"record"}  # the audit trail keeps one language: it is evidence


def unmarked_in_code(text: str, file: str) -> list[Unmarked]:
    found = []
    for node in ast.walk(ast.parse(text)):
        for expression in shown_by(node):
            found += [Unmarked(file, expression.lineno, words) for words in bare_words(expression)]
    return found


def shown_by(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from shown_by_call(node)
    elif isinstance(node, ast.ClassDef):
        yield from shown_by_class(node)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        yield from words_of_pairs(node.value)


def shown_by_call(call: ast.Call) -> Iterator[ast.expr]:
    name, owner = name_of(call.func), name_of(getattr(call.func, "value", None))
    if owner in LOGS or name in RECORDS or base(name) in FUNCTIONS or name == "_":
        return
    yield from call.args[shown_places(name, owner)]
    for keyword in call.keywords:
        if keyword.arg in SHOWN_ARGUMENTS | SHOWN_DICTIONARIES:
            yield keyword.value
        elif keyword.arg == "attrs":
            yield from spoken_attributes(keyword.value)
        elif keyword.arg == "choices":
            yield from words_of_pairs(keyword.value)


def shown_places(name: str, owner: str) -> slice:
    """Which of the arguments are words, by the name of what is called."""
    if name in SHOWN_PLACES and (owner == "messages" or name not in {"success", "info", "warning", "error"}):
        return SHOWN_PLACES[name]
    if name in REFUSALS:
        return slice(None)
    if name.endswith("Validator"):
        return slice(1, 2)
    is_field = owner == "models" and name.endswith("Field") and name not in {"ManyToManyField", "OneToOneField"}
    return slice(1 if is_field else 0)


def shown_by_class(node: ast.ClassDef) -> Iterator[ast.expr]:
    parents = {name_of(parent) for parent in node.bases}
    is_choices = bool(parents & {"TextChoices", "IntegerChoices"})
    for statement in node.body if "AppConfig" not in parents else []:
        if isinstance(statement, ast.Assign):
            if is_choices and isinstance(statement.value, ast.Tuple):
                yield statement.value.elts[-1]
            elif is_choices and isinstance(statement.value, ast.Constant):
                yield statement.value  # Django makes an English label of its name
            elif name_of(statement.targets[0]) in SHOWN_ARGUMENTS | SHOWN_DICTIONARIES:
                yield statement.value


def spoken_attributes(attrs: ast.expr) -> Iterator[ast.expr]:
    """Of a widget: `attrs={"placeholder": ..., "aria-label": ...}`."""
    for key, value in pairs_of(attrs):
        if isinstance(key, ast.Constant) and (key.value in SPOKEN or str(key.value).startswith("data-")):
            yield value


def words_of_pairs(node: ast.expr) -> Iterator[ast.expr]:
    """The second of each pair, where all are pairs of texts: `[("draft", "Draft"), ("done", "Done")]`."""
    pairs = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    words = [pair.elts[1] for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
    if words and len(words) == len(pairs) and all(isinstance(word, ast.Constant) for word in words):
        yield from (word for word in words if reads_like_words(str(word.value)))  # type: ignore[attr-defined]


def pairs_of(node: ast.expr) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    if isinstance(node, ast.Dict):
        yield from zip(node.keys, node.values, strict=True)


def name_of(node: object) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", None) or ""


def bare_words(expression: ast.expr) -> Iterator[str]:
    """The words of a literal, of an f-string or of one of several that a condition chooses between."""
    if isinstance(expression, ast.Constant | ast.JoinedStr):
        words = literal_of(expression)
        if LETTERS.search(re.sub(r"<[^>]*>", "", words)) and words not in NAMES:
            yield words
    for part in parts_of(expression):
        yield from bare_words(part)


def literal_of(expression: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(expression, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in expression.values)
    return expression.value if isinstance(expression.value, str) else ""


def parts_of(expression: ast.expr) -> list[ast.expr]:
    match expression:
        case ast.IfExp():
            return [expression.body, expression.orelse]
        case ast.List() | ast.Tuple():
            return expression.elts
        case ast.Dict():
            return expression.values
        case ast.BinOp():
            return [expression.left]
    return []


# Three words or more after a capital; not code, not SQL.
PROSE = re.compile(r"^[“\"(]?[A-Z][a-z'’]+,?(?: [\w'’“”()-]+[,:;]?){2,}")  # noqa: RUF001
NO_PROSE = re.compile(r"\b(SELECT|FROM|WHERE|UPDATE|INSERT|VALUES|CREATE|DELETE|ALTER|JOIN)\b|\(\?|\\b|^\s*\n")


def prose_in_code(text: str, file: str) -> list[Unmarked]:
    """Sentences wherever they stand, also where nothing says that they are shown: `WHY = {"late": "It came late."}`.

    Not what is marked, logged or put on record, docstrings, and the words of exceptions that nobody but us reads.
    """
    tree = ast.parse(text)
    marking = {*local_names(tree), "_"}
    silent = {id(inner) for node in ast.walk(tree) for part in silent_parts(node, marking) for inner in ast.walk(part)}
    return [
        Unmarked(file, node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
        if PROSE.search(node.value) and not NO_PROSE.search(node.value) and node.value not in NAMES
    ]


def silent_parts(node: ast.AST, marking: Collection[str]) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert():
            yield node
        case ast.Call():
            owner = name_of(getattr(node.func, "value", None))
            if name_of(node.func) in {*marking, *RECORDS} or owner in LOGS:
                yield node
        case ast.Raise(exc=ast.Call()) if name_of(node.exc.func) not in REFUSALS:  # type: ignore[union-attr]
            yield node


SCRIPT_TEXT = re.compile(r"""(["'`])((?:\\.|(?!\1).)*)\1""")
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
SHOWN_IN_SCRIPT = re.compile(
    r"""(?:textContent|innerText|innerHTML|title|placeholder|ariaLabel|label|alt)\s*=\s*$|(?:alert|confirm|prompt)\(\s*$"""
    r"""|setAttribute\(\s*["'](?:aria-label|title|alt|placeholder)["'],\s*$"""
)


def unmarked_in_script(text: str, file: str) -> list[Unmarked]:
    """Scripts have no catalogue: the words they show come with the page, in `data-` attributes and templates."""
    code = SCRIPT_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return [
        Unmarked(file, code.count("\n", 0, found.start()) + 1, found[2])
        for found in SCRIPT_TEXT.finditer(code)
        if LETTERS.search(found[2]) and is_shown_in_script(code[: found.start()], found[2])
    ]


KEYS = {"Escape", "Enter", "Tab", "Home", "End", "Backspace", "Delete"}


def is_shown_in_script(before: str, words: str) -> bool:
    if words in KEYS:
        return False
    return bool(SHOWN_IN_SCRIPT.search(before) or re.search(r"^[A-Z][a-z]+[.!?…]?$|[A-Z][a-z'’]* [a-z'’]+", words))  # noqa: RUF001
