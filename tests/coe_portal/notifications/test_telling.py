import pytest

from coe_portal.contributions import Way
from coe_portal.notifications.actions import Mail, mark_read, notify, notify_audience
from coe_portal.notifications.models import Notification, Preference
from coe_portal.notifications.queries import unread_count
from coe_portal.people.models import Audience, User
from tests.coe_portal.notifications.mail_server import NOW
from tests.factories.people import AudienceFactory, PersonFactory

pytestmark = pytest.mark.django_db


def tell(*people: User, kind: str = "plain", mail: Mail = Mail.DIGEST, key: str = "k") -> None:
    notify(person_ids=[each.pk for each in people], kind=kind, subject="News", url="/my/", key=key, mail=mail)


def mails() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("mail", flat=True))


@pytest.fixture
def audience() -> Audience:
    found = AudienceFactory()
    found.people.set(PersonFactory.create_batch(3))
    return found


def broadcast(audience: Audience, **options: object) -> int:
    return notify_audience(audience_id=audience.pk, kind="plain", subject="News", url="/my/", key="b", **options)


class TestWays:
    @pytest.mark.parametrize(
        ("kind", "mail", "expected"),
        [
            ("plain", Mail.DIGEST, ["digest"]),
            ("plain", Mail.NOW, ["now"]),
            ("plain", Mail.NONE, ["none"]),
            ("quiet", Mail.DIGEST, ["none"]),
            ("quiet", Mail.NOW, ["now"]),
            ("silent", Mail.DIGEST, []),
            ("urgent", Mail.DIGEST, ["now"]),
            ("urgent", Mail.NONE, ["none"]),
            ("nobody-names-it", Mail.DIGEST, ["digest"]),
        ],
    )
    def test_without_a_choice_the_kind_and_the_sender_decide(
        self, kind: str, mail: Mail, expected: list[str], employee: User, kinds: None
    ):
        tell(employee, kind=kind, mail=mail)

        assert mails() == expected

    @pytest.mark.parametrize(
        ("way", "mail", "expected"),
        [
            (Way.AT_ONCE, Mail.DIGEST, ["now"]),
            (Way.DIGEST, Mail.NOW, ["digest"]),
            (Way.PORTAL, Mail.NOW, ["none"]),
            (Way.OFF, Mail.NOW, []),
            (Way.AT_ONCE, Mail.NONE, ["none"]),
        ],
    )
    def test_a_choice_goes_first(self, way: Way, mail: Mail, expected: list[str], employee: User, kinds: None):
        Preference.objects.create(person=employee, kind="plain", way=way)

        tell(employee, mail=mail)

        assert mails() == expected

    @pytest.mark.parametrize("way", [Way.OFF, Way.PORTAL])
    def test_what_is_required_is_mailed_whatever_was_chosen(self, way: Way, employee: User, kinds: None):
        Preference.objects.create(person=employee, kind="duty", way=way)

        tell(employee, kind="duty")

        assert mails() == ["digest"]

    def test_a_choice_is_of_one_person_and_one_kind(self, employee: User, strategist: User, kinds: None):
        Preference.objects.create(person=employee, kind="plain", way=Way.OFF)

        tell(employee, strategist)
        tell(employee, kind="urgent", key="other")

        assert set(Notification.objects.values_list("person_id", "kind")) == {
            (strategist.pk, "plain"),
            (employee.pk, "urgent"),
        }


class TestAudience:
    def test_every_active_member_is_told_once_but_for_the_exceptions(self, audience: Audience, employee: User):
        gone, author, other = audience.people.order_by("pk")
        User.objects.filter(pk=gone.pk).update(is_active=False)

        first = broadcast(audience, except_ids=[author.pk], lead="Read\nthis.", mail=Mail.NOW)
        second = broadcast(audience)

        assert (first, second) == (1, 1)
        told = Notification.objects.get(person=other)
        assert (told.lead, told.mail) == ("Read this.", "now")
        assert not Notification.objects.filter(person__in=[gone, employee]).exists()

    @pytest.mark.django_db(transaction=True)
    def test_the_unread_counts_of_all_follow(self, audience: Audience):
        one, *_ = audience.people.all()
        assert unread_count(one) == 0

        broadcast(audience)

        assert unread_count(one) == 1
        mark_read(person=one, at=NOW)
        assert unread_count(one) == 0

    def test_it_takes_one_statement(self, audience: Audience, django_assert_num_queries):
        with django_assert_num_queries(3):
            broadcast(audience)


@pytest.mark.django_db(transaction=True)
def test_the_unread_counts_follow_when_many_are_told_by_id(employee: User):
    many = PersonFactory.create_batch(201)
    assert unread_count(employee) == 0

    tell(employee, *many)

    assert unread_count(employee) == 1
