"""Small words for templates: icons, dates in full, initials and how the reader wants the page to look."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from coe_portal.design.appearance import chosen_appearance

register = template.Library()

# Most browsers claim to be others too, so the first mark that fits decides.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; with a label it speaks for itself, without one it is decoration."""
    sprite = static("icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag(takes_context=True)
def appearance_attributes(context: template.Context) -> SafeString:
    """The attributes of <html> that carry the reader's choices; nothing for a page without a request."""
    request = context.get("request")
    if request is None:
        return mark_safe("")
    chosen = chosen_appearance(request)
    theme = format_html(' data-theme="{}"', chosen.theme) if chosen.theme != "system" else ""
    shortcuts = mark_safe(' data-shortcuts="off"') if not chosen.shortcuts else ""
    return format_html("{}{}", theme, shortcuts)


@register.simple_tag(takes_context=True)
def appearance_theme(context: template.Context) -> str:
    request = context.get("request")
    return chosen_appearance(request).theme if request else "system"


@register.simple_tag(takes_context=True)
def appearance_shortcuts(context: template.Context) -> bool:
    request = context.get("request")
    return chosen_appearance(request).shortcuts if request else True


@register.filter
def readable(at: date | None, form: str = "date") -> str:
    """A date in the reader's zone and language; `"time"` adds the time of day."""
    if at is None:
        return ""
    shown = _local(at)
    day = formats.date_format(shown, "DATE_FORMAT")
    if form != "time" or not isinstance(shown, datetime):
        return day
    return f"{day}, {formats.time_format(shown, 'TIME_FORMAT')}"


@register.filter
def as_date(text: str) -> date:
    """A day that is kept as text, as in a JSON field."""
    return date.fromisoformat(text)


@register.filter
def exact(at: date | None) -> str:
    """Weekday, date, time and zone, for the title of a <time>."""
    if at is None:
        return ""
    shown = _local(at)
    day = f"{formats.date_format(shown, 'l')} {formats.date_format(shown, 'DATE_FORMAT')}"
    if not isinstance(shown, datetime):
        return day
    return f"{day}, {formats.time_format(shown, 'TIME_FORMAT')} {shown.tzname() or ''}".rstrip()


@register.filter
def machine(at: date | None) -> str:
    """ISO 8601, for the datetime attribute of a <time> written by hand."""
    if isinstance(at, datetime):
        return at.isoformat(timespec="seconds")  # HTML knows no millionths of one
    return at.isoformat() if at else ""


@register.filter
def address(email: str) -> SafeString:
    """An e-mail address that breaks behind its @ where it is too long for the line, not within a word."""
    name, at, host = email.partition("@")
    return format_html("{}@<wbr>{}", name, host) if at else conditional_escape(email)


@register.simple_tag
def when(at: date | None, form: str = "date") -> SafeString:
    """A <time> to read, with the exact moment as its title; nothing for None."""
    return _time_element(at, form, get_language(), timezone.get_current_timezone_name()) if at else SafeString()


@lru_cache(maxsize=4096)
def _time_element(at: date, form: str, _language: str, _zone: str) -> SafeString:
    """Language and zone are part of what is remembered: dates repeat on a page, and formatting them is slow."""
    return format_html('<time datetime="{}" title="{}">{}</time>', machine(at), exact(at), readable(at, form))


@register.filter
def written(text: str, language: str | None = None) -> SafeString:
    """What somebody wrote, marked where it is not in the language of the page, so that it is read aloud right.

    Without a language it is the organisation's; an empty one stands for words of the page itself.
    """
    attribute = written_in(language)
    return format_html("<span{}>{}</span>", attribute, text) if attribute and text else conditional_escape(text)


@register.simple_tag
def written_in(language: str | None = None) -> SafeString:
    """The same as an attribute, for an element that holds nothing else."""
    chosen = settings.CONTENT_LANGUAGE if language is None else language
    return format_html(' lang="{}"', chosen) if chosen not in {"", get_language()} else SafeString()


@register.filter
def initials(name: str) -> str:
    words = [word for word in str(name).split() if word[0].isalpha()]
    if len(words) < 2:
        return "".join(words)[:2].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.filter
def browser(user_agent: str) -> str:
    """ "Firefox on Windows" for what a browser sends about itself; what is unknown stays as it came."""
    name = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if not name or not system:
        return user_agent
    return gettext("%(browser)s on %(system)s") % {"browser": name, "system": system}


def _local(at: date) -> date:
    return timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
