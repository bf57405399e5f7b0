import random

from coe_portal.people.demo import DemoOrganisation
from training.demo.records import ACCESSIBLE, ACCOUNT, CRISIS, PLANS, PRIVACY, REVIEWS, SPEAKING, Records, days_ago_at
from training.demo.texts import build_course, course_texts
from training.models import Course, Programme, ProgrammeCourse


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("training")  # noqa: S311 - made-up records
    courses = _courses(organisation)
    _programmes(organisation, courses)
    records = Records(organisation, chance)
    for slug, plan in PLANS.items():
        records.plan(courses[slug], plan)
    records.write()


def _courses(organisation: DemoOrganisation) -> dict[str, Course]:
    author = organisation.sign_ins["strategist"]
    audiences = {"everyone": organisation.everyone, "clinicians": organisation.clinicians}
    found = {}
    for number, text in enumerate(course_texts()):
        published_at = days_ago_at(organisation, 420 - number)
        course = build_course(text, audience=audiences[text["audience"]], author=author, published_at=published_at)
        found[course.slug] = course
    return found


def _programmes(organisation: DemoOrganisation, courses: dict[str, Course]) -> None:
    plans = [
        (
            Programme(
                slug="new-employee",
                title="New employee",
                summary="What everybody who wears our badge needs to know before the first post.",
                for_whom="For everybody in their first month",
                audience=organisation.everyone,
                position=1,
            ),
            [PRIVACY, SPEAKING, ACCESSIBLE],
        ),
        (
            Programme(
                slug="veteran-refresher",
                title="Veteran refresher",
                summary="For those who have posted for years: what has changed, in scenarios instead of slides.",
                for_whom="For clinical staff who have been here for two years or more",
                audience=organisation.clinicians,
                position=2,
            ),
            [PRIVACY, REVIEWS, CRISIS],
        ),
        (
            Programme(
                slug="account-owner",
                title="Account owner",
                summary="From the purpose of an account to the day you close it, and the hard hours in between.",
                for_whom="For everybody who publishes in the name of Riverbend",
                audience=organisation.everyone,
                position=3,
            ),
            [ACCOUNT, ACCESSIBLE, REVIEWS, CRISIS],
        ),
    ]
    Programme.objects.bulk_create(programme for programme, _slugs in plans)
    ProgrammeCourse.objects.bulk_create(
        ProgrammeCourse(programme=programme, course=courses[slug], position=position)
        for programme, slugs in plans
        for position, slug in enumerate(slugs, start=1)
    )
