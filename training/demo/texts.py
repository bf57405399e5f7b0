"""The demo's courses as rows, read from `courses/*.toml`; their texts were written for this product."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from coe_portal.core import markdown
from coe_portal.people.models import Audience, User
from training.demo.clauses import clause
from training.models import Choice, Course, CourseVersion, Lesson, Module, Question, Step

HERE = Path(__file__).parent
Text = dict[str, Any]


def course_texts() -> Iterator[Text]:
    for path in sorted((HERE / "courses").glob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))


def build_course(text: Text, *, audience: Audience, author: User, published_at: datetime) -> Course:
    course = Course.objects.create(
        slug=text["slug"], audience=audience, required_for_licence=text.get("for_licence", False)
    )
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        title=text["title"],
        summary=text["summary"],
        outcomes="\n".join(text["outcomes"]),
        in_order=text["in_order"],
        pass_mark=text["pass_mark"],
        attempts_allowed=text.get("attempts"),
        cool_down_hours=text.get("cool_down_hours", 0),
        valid_months=text.get("valid_months"),
        change_note="First version.",
        published_at=published_at,
        published_by=author,
    )
    _build_modules(version, text["modules"])
    _build_questions(version, text["questions"])
    course.current = version
    course.save(update_fields=["current"])
    return course


def _build_modules(version: CourseVersion, modules: list[Text]) -> None:
    for position, each in enumerate(modules, start=1):
        module = Module.objects.create(version=version, title=each["title"], position=position)
        Lesson.objects.bulk_create(
            _lesson(version, module, place, lesson) for place, lesson in enumerate(each["lessons"], start=1)
        )


def _lesson(version: CourseVersion, module: Module, position: int, text: Text) -> Lesson:
    lesson = Lesson(
        version=version,
        module=module,
        position=position,
        slug=text["slug"],
        title=text["title"],
        minutes=text["minutes"],
        kind=text.get("kind", Lesson.Kind.TEXT),
        text=text["text"].strip(),
        html=markdown.render(text["text"]),
        transcript=text.get("transcript", "").strip(),
        transcript_html=markdown.render(text.get("transcript", "")),
    )
    if "video" in text:
        _add_video(lesson, text["video"])
    return lesson


def _add_video(lesson: Lesson, name: str) -> None:
    """Stored under the same name each time, so that a rebuilt demo leaves no second copy."""
    media = HERE / "media"
    stored = f"training/videos/{name}.webm"
    storage = lesson.video.storage
    if not storage.exists(stored):
        storage.save(stored, ContentFile((media / f"{name}.webm").read_bytes()))
    lesson.video.name = stored
    lesson.captions = (media / f"{name}.vtt").read_text(encoding="utf-8")


def _build_questions(version: CourseVersion, questions: list[Text]) -> None:
    rows = Question.objects.bulk_create(
        Question(
            version=version,
            position=position,
            kind=each["kind"],
            text=each["text"],
            html=markdown.render(each["text"]),
            explanation=each["explanation"],
            explanation_html=markdown.render(each["explanation"]),
            lesson_slug=each.get("lesson", ""),
            **clause(each.get("clause", "")),
        )
        for position, each in enumerate(questions, start=1)
    )
    for row, text in zip(rows, questions, strict=True):
        if row.is_scenario:
            _build_steps(row, text["steps"])
        else:
            Choice.objects.bulk_create(_choices(row, None, text["choices"], {}))


def _build_steps(question: Question, texts: list[Text]) -> None:
    rows = Step.objects.bulk_create(
        Step(question=question, position=position, text=each["text"], html=markdown.render(each["text"]))
        for position, each in enumerate(texts, start=1)
    )
    by_key = {text["key"]: row for text, row in zip(texts, rows, strict=True)}
    Choice.objects.bulk_create(
        choice
        for text, row in zip(texts, rows, strict=True)
        for choice in _choices(question, row, text.get("choices", []), by_key)
    )


def _choices(question: Question, step: Step | None, texts: list[Text], by_key: dict[str, Step]) -> Iterator[Choice]:
    for position, each in enumerate(texts, start=1):
        yield Choice(
            question=question,
            step=step,
            position=position,
            text=each["text"],
            is_right=each.get("right", False),
            feedback=each.get("feedback", ""),
            leads_to=by_key.get(each.get("to", "")),
            **clause(each.get("clause", "")),
        )
