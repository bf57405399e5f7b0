import pytest

from coe_portal.guard.engine import Post, find
from coe_portal.guard.findings import Kind

OWN, OFFICIAL = Post(), Post(official=True)
PAID = Post(paid=True)
ANSWER = Post(official=True, answer=True)


def kinds(text: str, post: Post) -> list[Kind]:
    return [each.kind for each in find(text, post)]


@pytest.mark.parametrize(
    ("text", "post", "expected"),
    [
        ("Riverbend Health has the kindest nurses. Choose us!", OWN, [Kind.NO_DISCLOSURE]),
        ("Our new birth center opens on Monday, come and see it.", OWN, [Kind.NO_DISCLOSURE]),
        ("Love @RiverbendHealth and what they do for kids.", OWN, [Kind.NO_DISCLOSURE]),
        ("I work at Riverbend Health, and our new birth center is lovely.", OWN, []),
        ("I'm a nurse at Riverbend Health and our walking group is fun.", OWN, []),
        ("As a respiratory therapist at Riverbend I am proud of our ER.", OWN, []),
        ("Riverbend employee here: #employee, our clinic is open late now.", OWN, []),
        ("Riverbend Health has the kindest nurses. Choose us!", OFFICIAL, []),
        ("Made soup today. It was great.", OWN, []),
        ("Vaccines work. Ask your own doctor. Views my own.", OWN, [Kind.VIEWS_MY_OWN]),
        ("Opinions expressed are solely my own. Proud of our hospital!", OWN, [Kind.VIEWS_MY_OWN, Kind.NO_DISCLOSURE]),
        ("I work for Riverbend; views are my own.", OWN, []),
        ("This pillow changed my life.", PAID, [Kind.NO_DISCLOSURE]),
        ("Ad: this pillow changed my life.", PAID, []),
        ("Paid partnership with Sleepwell. I like this pillow.", PAID, []),
        ("They gave me this pillow, and I like it.", PAID, []),
        ("This pillow! #sp #sleep", PAID, [Kind.WEAK_DISCLOSURE]),
        ("Such a good pillow. #collab", PAID, [Kind.WEAK_DISCLOSURE]),
        ("Such a good pillow. #sleep #rest #nurselife #ad", PAID, [Kind.WEAK_DISCLOSURE]),
        ("You should stop taking your metformin and try cinnamon.", OWN, [Kind.MEDICAL_ADVICE]),
        ("Sounds like you have shingles, no need to see a doctor.", OWN, [Kind.MEDICAL_ADVICE, Kind.MEDICAL_ADVICE]),
        ("This tea cures diabetes.", OFFICIAL, [Kind.MEDICAL_ADVICE]),
        ("Take your medicine as your care team told you.", OFFICIAL, []),
        ("You should get your flu shot this fall.", OFFICIAL, []),
        ("Ask your pharmacist before you mix medicines.", OFFICIAL, []),
        ("So much better than Lakeview General Hospital!", OFFICIAL, [Kind.COMPETITOR]),
        ("Don't go to Lakeview General, come to us.", OFFICIAL, [Kind.COMPETITOR]),
        ("The best hospital in the state, that's us.", OFFICIAL, [Kind.COMPETITOR]),
        ("Better than any other clinic, honestly.", OFFICIAL, [Kind.COMPETITOR]),
        ("Congratulations to Lakeview General on its new garden.", OFFICIAL, []),
        ("The best nurses in the world work nights.", OFFICIAL, []),
        ("We're sorry about the wait at your appointment on Friday.", ANSWER, [Kind.CONFIRMS_CARE]),
        ("Thank you for being our patient.", ANSWER, [Kind.CONFIRMS_CARE]),
        ("Thank you for your kind words. Please call our patient advocates.", ANSWER, []),
        ("Book your appointment today.", OFFICIAL, []),
    ],
)
def test_what_a_post_says_about_its_author_and_us(text: str, post: Post, expected: list[Kind]) -> None:
    assert kinds(text, post) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Our pay has not kept up with the rent. We are asking HR together, join us.",
        "Three of us on nights wrote about staffing. Sign with us.",
        "Our union meets on Tuesday. Safe ratios now!",
    ],
)
def test_talk_about_working_conditions_is_not_marked(text: str) -> None:
    assert kinds(text, OWN) == []


def test_without_a_post_only_patient_information_is_looked_for() -> None:
    assert find("Our clinic is the best hospital in the state. Views my own.") == []


@pytest.mark.parametrize("name", ["Riverbend Health", "St. Mary's (North) *", "A"])
def test_the_employer_is_whoever_the_settings_say(name: str, settings: object) -> None:
    settings.ORGANISATION_NAME = name  # type: ignore[attr-defined]

    assert kinds(f"Hooray for {name}!", OWN) == [Kind.NO_DISCLOSURE]
