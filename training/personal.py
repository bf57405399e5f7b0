"""What the training keeps of a person."""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.core.typeset import typeset
from coe_portal.people.models import User
from coe_portal.personal import CHOSEN, COMPUTED, Columns, Personal, PersonalFile, PersonalRecords, Removal, work_of
from training.models import Certificate, Lesson
from training.models.content import video_name
from training.queries.certificates import paper


def files(person: User) -> Iterable[PersonalFile]:
    for certificate in Certificate.objects.whole().filter(completion__person=person).order_by("pk"):
        yield PersonalFile(f"certificate-{certificate.code}.pdf", partial(_pdf, certificate))


def _pdf(certificate: Certificate) -> bytes:
    return typeset("training/certificate.typ", paper(certificate), at=certificate.completion.completed_at)


def forget(person: User, pseudonym: str) -> int:
    """Certificates are made when they are asked for, so the name in the row is the only one."""
    return Certificate.objects.filter(completion__person=person).update(holder=pseudonym)


def redact(removal: Removal) -> dict[str, int]:
    """Videos handed in before files got names of their own. What a video shows is not for a program to find."""
    lessons = Lesson.objects.filter(Q(video__iregex=removal.pattern) | Q(video__iregex=removal.slug_pattern))
    names = set(lessons.values_list("video", flat=True))
    for name in names:
        _rename(name)
    return {"training.lesson": len(names)} if names else {}


def _rename(name: str) -> None:
    """In every version of the course; the old file goes when all of them know the new one."""
    rows = Lesson.objects.filter(video=name)
    storage, new = default_storage, video_name(rows[0], name)
    if storage.exists(name):
        with storage.open(name) as file:
            new = storage.save(new, file)
        transaction.on_commit(lambda: storage.delete(name))
    rows.update(video=new)


personal = Personal(
    redact=redact,
    records=[
        PersonalRecords(
            "training.enrolment",
            "person",
            _("Enrolments"),
            ["course__slug", "source", "reason", "enrolled_at", "due_on"],
        ),
        PersonalRecords(
            "training.completion",
            "person",
            _("Completions"),
            ["course__slug", "version__title", "completed_at", "valid_until"],
        ),
        PersonalRecords(
            "training.certificate", "completion__person", _("Certificates"), ["code", "holder", "title", "revoked_at"]
        ),
        PersonalRecords(
            "training.lessondone",
            "enrolment__person",
            _("Lessons read"),
            ["enrolment__course__slug", "lesson_slug", "done_at"],
        ),
        PersonalRecords(
            "training.attempt",
            "enrolment__person",
            _("Attempts at a quiz"),
            ["version__title", "number", "started_at", "submitted_at", "score", "passed"],
        ),
        PersonalRecords(
            "training.answer",
            "attempt__enrolment__person",
            _("Quiz answers"),
            ["attempt__version__title", "attempt__number", "question__text", "choice_ids", "is_right", "given_at"],
        ),
        *work_of("training.courseversion", "published_by"),
        *work_of("training.assignment", "ordered_by"),
        *work_of("training.certificate", "revoked_by"),
    ],
    files=files,
    forget=forget,
    texts={
        "training.course": Columns("slug"),
        "training.courseversion": Columns("title summary outcomes change_note"),
        "training.programme": Columns("slug title summary for_whom"),
        "training.module": Columns("title"),
        "training.lesson": Columns("slug title text html captions transcript transcript_html", own="video"),
        "training.question": Columns(
            "text html explanation explanation_html clause_label", never={CHOSEN: "lesson_slug clause_url"}
        ),
        "training.step": Columns("text html"),
        "training.choice": Columns("text feedback clause_label", never={CHOSEN: "clause_url"}),
        "training.assignment": Columns("reason"),
        "training.enrolment": Columns("reason"),
        "training.lessondone": Columns(never={CHOSEN: "lesson_slug"}),
        "training.certificate": Columns("holder title revoked_because", never={COMPUTED: "code"}),
    },
)
