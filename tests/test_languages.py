"""Everything a person reads can be translated, and is translated into Spanish."""

import re
from collections import Counter
from collections.abc import Iterable
from textwrap import dedent

import pytest
from babel.messages.catalog import Message

from coe_portal.core import catalogues
from tests.languages import prose_in_code, unmarked_in_code, unmarked_in_script, unmarked_in_template

ROOT = catalogues.ROOT
DEMO = re.compile(r"(^|/)demo(_\w+)?(/|\.py$)")
NOT_A_PAGE = {"templates/allauth/elements/button_looks.html"}  # attributes for the inside of a tag
# The terminal, and programs.
NOT_FOR_READERS = {"coe_portal/core/checks.py", "coe_portal/directory/scim/resources.py"}
IN_ENGLISH = re.compile(
    r"/management/|core/checks\.py|settings/"  # for the terminal
    r"|(^|/)personal\.py"  # why a column holds no words of people: for us
    r"|tokens/access\.py|scim/"  # for programs
    r"|directory/sample\.py"  # a file to try
    # What goes wrong with a job, a mail or an answer is kept as it was told, beside what other programs said.
    r"|notifications/(actions/sending|smtp)\.py|outbox/running\.py|identity/(arrivals|saml/answers)\.py|collectors/protocol\.py"
)
LANGUAGES = catalogues.languages()
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +.\d]*[a-z]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")


def sources(*suffixes: str) -> list[tuple[str, str]]:
    """Name and text of our files, without the demo organisation, which speaks English."""
    files = [(str(path.relative_to(ROOT)), path) for path in catalogues.sources(ROOT) if path.suffix in suffixes]
    return [(name, path.read_text()) for name, path in files if not DEMO.search(name)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_what_the_sources_say(language: str):
    marked = catalogues.collect()
    places = {(each.context or None, each.message): f"{each.file}:{each.line}" for each in marked}
    wanted = {(each.context, each.id) for each in catalogues.template_of(marked) if each.id}
    kept = {(each.context, each.id): each for each in catalogues.read(catalogues.catalogue_path(language)) if each.id}

    assert listed(place_of(key, places) for key in sorted(wanted - set(kept), key=str)) == ""
    assert listed(sorted(set(kept) - wanted, key=str)) == ""  # `bin/manage makemessages` takes them out
    unfinished = [key for key, each in kept.items() if catalogues.is_empty(each) or each.fuzzy]
    assert listed(place_of(key, places) for key in unfinished) == ""


def place_of(key: tuple[str | None, str | tuple[str, str]], places: dict[tuple[str | None, str], str]) -> str:
    context, words = key
    singular = words if isinstance(words, str) else words[0]
    return f"{places.get((context, singular), 'nowhere')}: {singular}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders_and_the_tags(language: str):
    catalogue = catalogues.read(catalogues.catalogue_path(language))

    translations = [pair for message in catalogue if message.id for pair in pairs(message)]

    assert listed(pair for pair in translations if pair[1] and not same_parts(*pair)) == ""


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each form with the English form it stands for; the singular may say "one" and leave the number out."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    singular, plural = message.id
    first, *others = message.string
    return [(singular, first), *((plural, other) for other in others)]


def same_parts(original: str, translated: str) -> bool:
    return all(Counter(part.findall(original)) == Counter(part.findall(translated)) for part in (PLACEHOLDER, TAG))


def test_templates_hold_no_words_outside_of_the_translation_tags():
    files = [(name, text) for name, text in sources(".html", ".txt") if name not in NOT_A_PAGE]
    assert listed(each for name, text in files for each in unmarked_in_template(text, name)) == ""


def test_code_hands_on_no_words_outside_of_gettext():
    files = [(n, text) for n, text in sources(".py") if n not in NOT_FOR_READERS and "/management/" not in n]
    assert listed(each for name, text in files for each in unmarked_in_code(text, name)) == ""


def test_code_holds_no_sentences_that_nobody_can_translate():
    files = [(name, text) for name, text in sources(".py") if not IN_ENGLISH.search(name)]
    assert listed(each for name, text in files for each in prose_in_code(text, name)) == ""


def test_scripts_bring_no_words_of_their_own():
    scripts = sorted((ROOT / "static/src/js").rglob("*.js"))
    found = [each for path in scripts for each in unmarked_in_script(path.read_text(), str(path.relative_to(ROOT)))]

    assert len(scripts) > 10
    assert listed(found) == ""


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Open the policy</p>",
        "<p>{% if late %}late{% endif %}</p>",
        '<button title="Open">{{ icon }}</button>',
        '<button data-confirm="Really delete it?">{{ word }}</button>',
        '<button data-copied="Copied">{{ word }}</button>',
        '<meta name="description" content="What the center does">',
        '<c-pager newer_label="Newer" />',
        '<c-tile remark="Of the last month" />',
        '{{ name|default:"Nobody" }}',
        '{% include "part.html" with heading="Your policies" %}',
        "{{ count }} {{ word }}{{ count|pluralize }}",
        '{{ day|date:"F j, Y" }}',
    ],
)
def test_words_planted_in_a_template_are_found(planted: str):
    assert unmarked_in_template(planted, "planted.html") != []


@pytest.mark.parametrize(
    "planted",
    [
        'forms.CharField(label="Your name")',
        'forms.CharField(error_messages={"required": "Write it."})',
        'forms.TextInput(attrs={"placeholder": "Your name"})',
        'raise ValidationError("That is no address.")',
        'raise ValidationError({"email": "That is no address."})',
        'forms.CharField(validators=[RegexValidator("x", "That is no address.")])',
        'class State(models.TextChoices):\n    DRAFT = "draft", "Draft"',
        'class State(models.TextChoices):\n    DRAFT = "draft"',
        'KINDS = [("policy", "Policy"), ("topic", "Topic")]',
        'class Meta:\n    labels = {"name": "Your name"}',
        'EmailMessage("Please sign", "A policy waits for you.")',
        'Mail(subject=f"{name} waits", greeting=_("Hello"))',
        'messages.success(request, "Saved.")',
        'HomeItem(_("Policies"), badge="New")',
    ],
)
def test_words_planted_in_code_are_found(planted: str):
    assert unmarked_in_code(planted, "planted.py") != []


@pytest.mark.parametrize(
    "planted",
    [
        'REASONS = {"late": "It came after the end."}',
        'def why():\n    return "Nobody has signed it yet."',
        'rows.append(["Signed by the employee"])',
    ],
)
def test_sentences_planted_in_code_are_found(planted: str):
    assert prose_in_code(planted, "planted.py") != []


@pytest.mark.parametrize(
    "planted",
    [
        'status.textContent = "saved";',
        "button.setAttribute('aria-label', 'close');",
        "alert(`gone`);",
        'say("Your draft was kept");',
        'say("Saved.");',
    ],
)
def test_words_planted_in_a_script_are_found(planted: str):
    assert unmarked_in_script(planted, "planted.js") != []


def test_what_is_marked_or_for_nobody_is_left_alone():
    code = """
        def why():
            \"\"\"Says why it is late.\"\"\"
            logger.warning("Nobody has signed it yet.")
            if broken:
                raise RuntimeError("This must never happen here.")
            return _("Nobody has signed it yet.")
    """

    assert prose_in_code(dedent(code), "planted.py") == unmarked_in_code(dedent(code), "planted.py") == []
    assert unmarked_in_script('// Says why it is late\nif (event.key === "Escape") close("a-b");', "planted.js") == []
    assert (
        unmarked_in_template('<c-tile class="Any Class" data-hx-target="#Some-Id" note="{{ note }}" />', "planted.html")
        == []
    )


def listed(found: Iterable[object]) -> str:
    """A line each, so that a failure shows all of them."""
    return "\n".join(map(str, found))
