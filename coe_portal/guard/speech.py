"""What a post says about its author and about us: disclosure (16 CFR 255.5), advice, comparisons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.findings import Finding, Kind
from coe_portal.guard.patterns import Pattern, Recogniser, always, exact_case, pattern, words


@dataclass(frozen=True)
class Post:
    """What the text alone does not tell. An official account shows by its name whom it speaks for."""

    official: bool = False
    paid: bool = False
    answer: bool = False


VIEWS = pattern(
    r"\b(?:all\ )?(?:views?|opinions?|thoughts|tweets|posts)(?:\ (?:and|&)\ (?:views?|opinions?|tweets))?"
    r"(?:\ (?:here|expressed|are|all|is|my|entirely|strictly|solely)){0,4}\ (?:my\ own|mine)\b"
)
WORKS_FOR = pattern(
    r"\b(?:i(?:'m|\ am)?\ (?:\w+\ ){0,3}(?:work|working|employed)\ (?:for|at|with|in)|i\ work\ here"
    r"|i'm\ on\ (?:the\ )?staff"
    r"|my\ employer|employees?\ (?:here|of|at)|full\ disclosure|disclosure:|\#?employee\b"
    r"|(?:i'm|i\ am|as)\ (?:a|an|the|one\ of\ the)\ (?:[\w-]+\ ){1,5}(?:at|with|for)\ \w"
    r"|proud\ to\ work|where\ i\ work|i've\ worked|our\ team\ at|we\ at)"
)
PLAIN_AD = pattern(
    r"(?:(?<!\w)\#(?:ad|advertisement|sponsored|paidpartnership|paidad)\b|\b(?:ad|advertisement|sponsored)\ ?[:"
    r"|\u2013-]"
    r"|\bpaid\ (?:partnership|ad(?:vertisement)?|by)\b|\bsponsored\ by\b"
    r"|\b(?:gave|sent|paid)\ me\b|\bgifted\ by\b|\bi\ (?:was|am|got)\ (?:being\ )?paid\b|\bi\ received\ (?:it"
    r"|this)\ free\b)"
)
VEILED_AD = pattern(
    r"(?<!\w)\#(?:sp|spon|collab|partner|ambassador|gifted|thanks\w*|client|pr|affiliate)\b"
    r"|\b(?:affiliate\ link|in\ collaboration\ with|thanks\ to\ my\ friends\ at)\b"
)
PRAISE = pattern(
    words(
        "best", "amazing", "love", "loves", "recommend\\w*", "great", "outstanding", "award\\S*", "top", "excellent",
        "fantastic", "wonderful", "incredible", "five stars?", "life-?changing", "nobody does", "proud", "world-class",
        "book", "choose", "come (?:to|see)", "try", "trust", "finest", "must", "unbeatable",
    )
)  # fmt: skip
OURS = (
    r"(?:our|my)\ (?:new\ )?(?:\w+\ ){0,2}(?:hospital|clinic|er|emergency\ (?:room|department)|birth\ center"
    r"|cancer\ center"
    r"|maternity|health\ system|medical\ center|urgent\ care|program|app|portal|pharmacy)"
)
FACILITY = (
    r"(?:hospital|clinic|medical\ center|health\ system|er|emergency\ (?:room|department)|birth\ center"
    r"|cancer\ center|urgent\ care|doctors|surgeons)"
)
RIVAL = (
    r"[A-Z][\w.']+(?:\ [A-Z][\w.']+){0,3}\ (?:Hospital|Clinic|Medical\ Center|Health(?:care|\ System)?"
    r"|Urgent\ Care|General)"
)
MEDICINE = (
    r"(?:\w+(?:cillin|mycin|statin|pril|sartan|olol|azole|pine|ine|one|ide)|ibuprofen|tylenol|aspirin"
    r"|insulin|metformin|melatonin|steroids?|antibiotics?|supplements?|meds?|medications?|pills?|dose"
    r"|vitamins?|ivermectin)"
)


# First words of hospitals' names that alone mean nobody.
COMMON_FIRST_WORDS = frozenset(
    [
        "the",
        "st",
        "st.",
        "saint",
        "university",
        "mount",
        "good",
        "holy",
        "our",
        "general",
        "community",
        "regional",
        "children's",
    ]
)


@cache
def _employer(organisation: str) -> re.Pattern[str]:
    """The organisation by its name, its first word, its handle or hashtag, or as ours."""
    first = organisation.partition(" ")[0]
    name = rf"(?<!\w){re.escape(organisation)}(?!\w)"
    if first.lower() not in COMMON_FIRST_WORDS:
        name += rf"|(?<!\w){re.escape(first)}(?!\w)|[@\#]{re.escape(first)}\w*"
    return re.compile(rf"{name}|\b{OURS}\b", re.IGNORECASE | re.VERBOSE)


def _employer_words() -> re.Pattern[str]:
    return _employer(settings.ORGANISATION_NAME)


def undisclosed_employer(text: str) -> Iterator[Finding]:
    """The first mention of us in a post of somebody who works here and does not say so."""
    mention = _employer_words().search(text)
    if mention is None or WORKS_FOR.search(text):
        return
    praised = PRAISE.search(text) is not None
    why = (
        _("You work here, the post speaks well of us, and does not say that you work here.")
        if praised
        else _("You work here, the post speaks of us, and does not say that you work here.")
    )
    yield Finding(Kind.NO_DISCLOSURE, mention.start(), mention.end(), 0.85 if praised else 0.55, why)


def views_my_own(text: str) -> Iterator[Finding]:
    for match in VIEWS.finditer(text):
        if not WORKS_FOR.search(text):
            why = _("It keeps us apart from your view, yet the reader still does not know that you work here.")
            yield Finding(Kind.VIEWS_MY_OWN, match.start(), match.end(), 0.7, why)


def undisclosed_payment(text: str) -> Iterator[Finding]:
    plain, veiled = PLAIN_AD.search(text), VEILED_AD.search(text)
    if plain and _is_buried(text, plain.start()):
        why = _("It stands among other hashtags at the end, where readers do not look.")
        yield Finding(Kind.WEAK_DISCLOSURE, plain.start(), plain.end(), 0.75, why)
    elif not plain and veiled:
        why = _("Few readers know what this means.")
        yield Finding(Kind.WEAK_DISCLOSURE, veiled.start(), veiled.end(), 0.8, why)
    elif not plain:
        first = re.search(r"\S[^\n.!?]{0,80}", text)
        start, end = first.span() if first else (0, len(text))
        yield Finding(
            Kind.NO_DISCLOSURE, start, end, 0.9, _("You were paid or given something, and the post is silent.")
        )


def _is_buried(text: str, start: int) -> bool:
    return start > 0 and text[:start].count("#") >= 2


ADVICE: tuple[Recogniser, ...] = (
    Pattern(
        Kind.MEDICAL_ADVICE,
        pattern(
            rf"\b(?:you\ (?:should|can|could|need\ to|must)|just|simply|i'd|go\ ahead\ and)\ (?:\w+\ )?"
            rf"(?:take|stop(?:\ taking)?|skip|double|increase|reduce|start(?:\ taking)?|quit"
            rf"|mix)\ (?:\w+\ ){{0,4}}?{MEDICINE}\b"
        ),
        always(0.75, _("It tells one person what to do with a medicine.")),
    ),
    Pattern(
        Kind.MEDICAL_ADVICE,
        pattern(
            r"\b(?:stop\ taking\ your|no\ need\ to\ (?:see|go|call)|(?:don't|do\ not)\ (?:need"
            r"|bother)\ (?:to\ (?:see|go)|with|a)\ "
            r"(?:\w+\ ){0,3}?(?:doctor|er|hospital|prescription|vaccine)"
            r"|(?:sounds|looks)\ like\ (?:you\ have|you've\ got|your\ \w+\ (?:has|have)|it's\ just|a\ case\ of)"
            r"|you\ (?:probably|likely|definitely|clearly)\ have|(?:dm|message)\ me\ (?:your\ )?(?:symptoms"
            r"|labs|photos?|results)"
            r"|\d+\ ?mg\ (?:of\ )?\w+\ (?:every|twice|once|daily|a\ day|should))\b"
        ),
        always(0.7, _("It reads as a diagnosis or as treatment advice to one person.")),
    ),
    Pattern(
        Kind.MEDICAL_ADVICE,
        pattern(
            r"\b(?:cures?|reverses?|guaranteed\ to\ (?:heal|cure)|heals?)\ (?:\w+\ )?(?:cancer|diabetes|autism"
            r"|covid|alzheimer\S*|arthritis|hiv)\b"
        ),
        always(0.75, _("It promises a cure.")),
    ),
)
COMPARISONS: tuple[Recogniser, ...] = (
    Pattern(
        Kind.COMPETITOR,
        exact_case(
            rf"\b(?i:better|safer|faster|cheaper|cleaner|nicer|worse"
            rf"|shorter\ wait\w*)\ (?i:care\ )?(?i:than)\ (?:(?i:at|the)\ )?(?:{RIVAL})"
        ),
        always(0.85, _("It compares us with a named competitor.")),
    ),
    Pattern(
        Kind.COMPETITOR,
        exact_case(
            rf"(?i:\bunlike|\binstead\ of|\bforget|\bdon't\ go\ to|\bavoid|\bstay\ away\ from)\ (?:(?i:at"
            rf"|the)\ )?(?:{RIVAL})"
        ),
        always(0.85, _("It speaks against a named competitor.")),
    ),
    Pattern(
        Kind.COMPETITOR,
        pattern(
            rf"\b(?:the\ )?(?:best|\#1|number\ one|no\.\ 1|safest|finest|leading|fastest|cheapest"
            rf"|only\ real)\ (?:\w+\ ){{0,2}}?{FACILITY}\b"
            r"(?=[^.\n]{0,40}\b(?:in|around|anywhere|town|state|region|county|country|area|world|nation)\b)"
        ),
        always(0.65, _("A superlative that needs a current source.")),
    ),
    Pattern(
        Kind.COMPETITOR,
        pattern(
            rf"\b(?:better|safer|faster|cheaper)\ than\ (?:any|every"
            rf"|all)\ (?:other\ )?(?:\w+\ ){{0,2}}?(?:{FACILITY}|hospitals|clinics|place)\b"
        ),
        always(0.75, _("It claims to be better than everybody.")),
    ),
)


def recognisers_for(post: Post) -> Iterator[Recogniser]:
    """Whoever is paid owes that disclosure alone: it says more than being employed."""
    yield from (*ADVICE, *COMPARISONS)
    if post.paid:
        yield undisclosed_payment
    elif not post.official:
        yield undisclosed_employer
    if not post.official:
        yield views_my_own
