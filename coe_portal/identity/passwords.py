"""What makes a long password easy to guess all the same: names that everybody here knows, common words, repetition."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coe_portal.people.models import User

# How much is needed that a guesser does not have on a list: a character counts one, and a word from a list as below.
ENOUGH = 9
KNOWN_HERE, COMMON = 1, 3
SHORTEST_WORD = 4
SHORTEST_COMMON = 5
# Nobody is asked for more than this, and it bounds the work.
LOOKED_AT = 200
PORTAL = "Social Media Center of Excellence"
LOOKALIKES = str.maketrans("013457@$", "oieastas")


class GuessableValidator:
    """A sentence passes; `RiverbendHealth2026!`, `Password12345678` and `qwertyqwertyqwerty` do not."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        known = _words(PORTAL, settings.ORGANISATION_NAME, *settings.PASSWORD_WORDS, _host(), *_own(user))
        text = password[:LOOKED_AT].casefold()
        if min(self._worth(each, known) for each in (text, text.translate(LOOKALIKES))) < ENOUGH:
            raise ValidationError(
                _(
                    "This password is easy to guess: it is made of names known here, of common words, or of one piece "
                    "again and again. Take a sentence of your own, with nothing of your work in it."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("A sentence of your own is best; not the name of the organisation, and no common words alone.")

    def _worth(self, text: str, known: frozenset[str]) -> int:
        symbols = {each for each in text if not each.isalnum() and not each.isspace()}
        rest = _once("".join(each for each in text if each.isalnum()))
        used: set[str] = set()
        worth, at = len(symbols), 0
        while at < len(rest):
            word = self._word_at(rest, at, known)
            if word not in used:
                worth += KNOWN_HERE if word in known else COMMON if len(word) > 1 else 1
            if len(word) > 1:
                used.add(word)
            at += len(word)
        return worth

    def _word_at(self, text: str, at: int, known: frozenset[str]) -> str:
        """The longest word of a list that begins there, or the one character."""
        for end in range(len(text), at + SHORTEST_WORD - 1, -1):
            word = text[at:end]
            if word in known or (len(word) >= SHORTEST_COMMON and word in self.common):
                return word
        return text[at]


def _once(text: str) -> str:
    """Without what only makes it longer: `abcabcabc` is `abc`, `sooooo` is `so`."""
    again = re.fullmatch(r"(.+?)\1*", text)
    return re.sub(r"(.)\1{2,}", r"\1", again[1] if again else text)


def _own(user: User | None) -> Iterable[str]:
    return [user.name, user.email] if user else []


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or ""


def _words(*texts: str) -> frozenset[str]:
    found = (word for text in texts for word in re.split(r"[\W_]+", text.casefold()))
    return frozenset(word for word in found if len(word) >= SHORTEST_WORD)
