"""What announcements keep of a person, and how a text leaves one for good."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models import Announcement, Comment, Edition, Flag, KeptText, Translation
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from coe_portal.personal import (
    CHOSEN,
    COMPUTED,
    Columns,
    Personal,
    PersonalRecords,
    Purgeable,
    Retention,
    Rows,
    Text,
    work_of,
)
from coe_portal.search import actions as search


def texts(announcement_id: int) -> Sequence[tuple[Text, str]] | None:
    found = Announcement.objects.filter(pk=announcement_id).first()
    if found is None:
        return None
    translated = [
        pair
        for each in Translation.objects.filter(announcement=found)
        for pair in ((_("Translated title"), each.title), (_("Translated text"), each.text))
    ]
    return [(_("Title"), found.title), (_("Text"), found.text), *translated]


def redact(announcement_id: int, words: str) -> None:
    """The announcement, its translations, earlier editions, and what is typed into its editor."""
    new = {"title": words, "text": words, "lead": words, "html": format_html("<p>{}</p>", words)}
    Announcement.objects.filter(pk=announcement_id).update(**new)
    Translation.objects.filter(announcement=announcement_id).update(**new)
    Edition.objects.filter(announcement=announcement_id).update(texts={}, note="")
    KeptText.objects.filter(announcement=announcement_id).delete()
    search.refresh("announcement", [announcement_id])
    bump("announcements")


def author(announcement_id: int) -> Iterable[int]:
    return Announcement.objects.filter(pk=announcement_id).values_list("author_id", flat=True)


def comment_texts(comment_id: int) -> Sequence[tuple[Text, str]] | None:
    found = Comment.objects.filter(pk=comment_id).first()
    return [(_("Comment"), found.text)] if found else None


def redact_comment(comment_id: int, words: str) -> None:
    Comment.objects.filter(pk=comment_id).update(text=words, html=format_html("<p>{}</p>", words))
    Flag.objects.filter(comment=comment_id).update(reason=words)
    bump("announcements")


def comment_author(comment_id: int) -> Iterable[int]:
    return Comment.objects.filter(pk=comment_id).values_list("author_id", flat=True)


def comment_url(comment_id: int) -> str:
    announcement_id = Comment.objects.values_list("announcement_id", flat=True).get(pk=comment_id)
    return reverse("announcements:announcement", args=[announcement_id])


def seen(rows: Rows, person: User) -> Rows:
    return rows.filter(announcement__audience__in=person.access.audience_ids)


def seen_by_comment(rows: Rows, person: User) -> Rows:
    return rows.filter(comment__announcement__audience__in=person.access.audience_ids)


personal = Personal(
    records=[
        PersonalRecords(
            "announcements.receipt",
            "person",
            _("Announcements confirmed"),
            ["announcement__title", "read_at", "acknowledged_at"],
            titles=["announcement__title"],
            seen=seen,
        ),
        PersonalRecords(
            "announcements.earlierreceipt",
            "person",
            _("Announcements confirmed before they changed"),
            ["announcement__title", "edition", "acknowledged_at"],
            titles=["announcement__title"],
            seen=seen,
        ),
        PersonalRecords(
            "announcements.comment",
            "author",
            _("Comments, removed ones too"),
            ["announcement__title", "text", "created_at", "edited_at", "is_held", "removed_at", "removal_reason"],
            titles=["announcement__title"],
            seen=seen,
        ),
        PersonalRecords(
            "announcements.flag",
            "person",
            _("Comments flagged"),
            ["comment__announcement__title", "reason", "created_at"],
            titles=["comment__announcement__title"],
            seen=seen_by_comment,
        ),
        PersonalRecords(
            "announcements.kepttext", "person", _("Announcements begun and not saved"), ["fields", "at"], erased=True
        ),
        *work_of("announcements.announcement", "author"),
        *work_of("announcements.edition", "by"),
        *work_of("announcements.sending", "by"),
        *work_of("announcements.comment", "removed_by"),
        *work_of("announcements.flag", "decided_by"),
    ],
    retentions=[
        Retention(
            key="announcements.kept_texts",
            label=_("Unsaved texts of the announcement editor"),
            what=_("What was typed and never saved"),
            days=180,
            basis=_("Needed only until the text is saved"),
            model="announcements.kepttext",
            moment="at",
            person="person",
        )
    ],
    purgeables={
        "announcement": Purgeable(
            _("Announcement"),
            texts,
            redact,
            author,
            lambda announcement_id: reverse("announcements:announcement", args=[announcement_id]),
        ),
        "comment": Purgeable(_("Comment"), comment_texts, redact_comment, comment_author, comment_url),
    },
    texts={
        "announcements.announcement": Columns("title text html lead"),
        "announcements.translation": Columns("title text html lead"),
        "announcements.edition": Columns("note texts"),
        "announcements.kepttext": Columns("fields"),
        "announcements.sending": Columns("told_as", never={COMPUTED: "department_ids", CHOSEN: "key"}),
        "announcements.comment": Columns("text html removal_reason", never={CHOSEN: "found"}),
        "announcements.flag": Columns("reason"),
    },
)
