"""Programmes, courses, quizzes, certificates and enrolments."""

from django.utils import timezone

from coe_portal.people.models import Audience
from tests.permissions.changes.kinds import ME, NEW, Change, Entry, as_shown, one, send
from tests.permissions.samples import Arguments, draft, person
from training.models import Certificate, CourseVersion, Enrolment, Programme

VERSION = "training.courseversion"
ENROLMENT = "training.enrolment"
DETAILS = {
    "title": "Quokkas", "summary": "About them.", "outcomes": "You know them.", "pass_mark": "80",
    "attempts_allowed": "3", "cool_down_hours": "24",
}  # fmt: skip
ROWS = {
    "choices-TOTAL_FORMS": "2", "choices-INITIAL_FORMS": "0", "choices-0-text": "Yes", "choices-0-is_right": "on",
    "choices-1-text": "No",
}  # fmt: skip
NO_ROWS = {"choices-TOTAL_FORMS": "0", "choices-INITIAL_FORMS": "0"}


def draft_of(given: Arguments) -> int:
    return int(CourseVersion.objects.filter(course__slug=given["course_slug"]).order_by("-pk").first().pk)


def everyone() -> int:
    return int(Audience.objects.everyone().pk)


def programme(given: Arguments) -> int:
    return int(Programme.objects.get(slug=given["programme_slug"]).pk)


def not_enrolled() -> Arguments:
    found = draft().course
    Enrolment.objects.filter(person=person("executive"), course=found).update(withdrawn_at=timezone.now())
    return {"course_slug": found.slug}


CHANGES: dict[str, Change] = {
    "training:new_course": one(
        "strategist", "training.create_course", "training.course", NEW,
        fields=lambda page: {"slug": "quokkas", "audience": everyone(), **DETAILS},
    ),
    "training:start_draft": one("strategist", "training.start_draft", VERSION, NEW),
    "training:write_details": Change(
        "strategist",
        [
            Entry("training.change_course", "training.course", lambda given: draft().course_id),
            Entry("training.edit", VERSION, draft_of),
        ],
        lambda page: {"audience": everyone(), **DETAILS},
        because="For whom the course is counts at once and in every version; the rest is this draft's alone.",
    ),
    "training:new_module": one("strategist", "training.edit", VERSION, draft_of, fields=send(title="Quokkas")),
    "training:write_module": one("strategist", "training.edit", VERSION, draft_of, fields=as_shown(title="Newer")),
    "training:new_lesson": one(
        "strategist", "training.edit", VERSION, draft_of,
        fields=lambda page: page.as_shown(title="Quokkas", text="They smile.", module=draft().modules.first().pk),
    ),
    "training:write_lesson": one("strategist", "training.edit", VERSION, draft_of, fields=as_shown(title="Newer")),
    "training:new_question": one(
        "strategist", "training.edit", VERSION, draft_of,
        fields=send(text="Do they smile?", explanation="They do.", **ROWS),
    ),
    "training:write_question": one("strategist", "training.edit", VERSION, draft_of, fields=as_shown(text="Newer?")),
    "training:new_step": one("strategist", "training.edit", VERSION, draft_of, fields=send(text="And now?", **NO_ROWS)),
    "training:write_step": one("strategist", "training.edit", VERSION, draft_of, fields=as_shown(**NO_ROWS)),
    "training:move": one("strategist", "training.edit", VERSION, draft_of),
    "training:remove": one("strategist", "training.edit", VERSION, draft_of),
    "training:publish": one(
        "strategist", "training.publish", VERSION, draft_of, fields=send(change_note="Clearer words.")
    ),
    "training:new_programme": one(
        "strategist", "training.create_programme", "training.programme", NEW,
        fields=lambda page: page.as_shown(
            title="Quokkas", slug="quokkas", summary="All about them.", for_whom="For friends", audience=everyone()
        ),
    ),
    "training:write_programme": one(
        "strategist", "training.edit_programme", "training.programme", programme, fields=as_shown(title="Newer")
    ),
    "training:change_places": one("strategist", "training.edit_programme", "training.programme", programme),
    "training:assign": one(
        "strategist", "training.assign", "training.assignment", NEW,
        fields=lambda page: {"audience": everyone(), "reason": "Everybody should."},
    ),
    "training:allow_attempt": one("strategist", "training.allow_attempt", ENROLMENT),
    "training:end": one("strategist", "training.withdraw", ENROLMENT),
    "training:remind": one("strategist", "training.remind", "people.user", ME),
    "training:revoke": one(
        "strategist", "training.revoke", "training.certificate",
        lambda given: Certificate.objects.get(code=given["code"]).pk, fields=send(because="Somebody else sat it."),
    ),
    "training:enrol": one("executive", "training.enrol", ENROLMENT, NEW, arguments=not_enrolled),
    "training:start": one("employee", "training.start_attempt", "training.attempt", NEW),
}  # fmt: skip
