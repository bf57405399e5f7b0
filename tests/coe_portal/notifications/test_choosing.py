from collections.abc import Callable
from datetime import time

import pytest
import time_machine
from django.core import mail
from django.test import Client

from coe_portal.audit.models import AuditEntry
from coe_portal.contributions import Way
from coe_portal.notifications import unsubscribing
from coe_portal.notifications.actions import choose, choose_times, send_mail, unsubscribe
from coe_portal.notifications.models import MailTimes, Notification, Preference
from coe_portal.notifications.unsubscribing import Unsubscribe
from coe_portal.people.models import User
from tests.coe_portal.notifications.mail_server import NOW
from tests.factories.notifications import NotificationFactory, OutgoingMailFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

SignIn = Callable[[User], Client]
PAGE = "/my/account/notifications/"


def ways(person: User) -> dict[str, str]:
    return dict(Preference.objects.filter(person=person).values_list("kind", "way"))


class TestChoose:
    def test_only_what_differs_from_the_kind_is_kept(self, employee: User):
        choose(by=employee, ways={"plain": Way.OFF, "quiet": Way.PORTAL})
        assert ways(employee) == {"plain": "off"}

        choose(by=employee, ways={"plain": Way.DIGEST, "quiet": Way.AT_ONCE})
        assert ways(employee) == {"quiet": "at_once"}

    def test_what_is_required_cannot_be_switched_off(self, employee: User):
        choose(by=employee, ways={"duty": Way.OFF})
        assert ways(employee) == {}

        choose(by=employee, ways={"duty": Way.AT_ONCE})
        assert ways(employee) == {"duty": "at_once"}

    def test_a_kind_that_nobody_names_is_not_kept(self, employee: User):
        choose(by=employee, ways={"made-up": Way.OFF})

        assert ways(employee) == {}

    def test_what_waits_follows(self, employee: User, strategist: User):
        for person, kind in [(employee, "plain"), (employee, "urgent"), (employee, "duty"), (strategist, "plain")]:
            NotificationFactory(person=person, kind=kind)

        choose(by=employee, ways={"plain": Way.PORTAL, "duty": Way.AT_ONCE})

        found = Notification.objects.values_list("person_id", "kind", "mail")
        assert set(found) == {
            (employee.pk, "plain", "none"),
            (employee.pk, "urgent", "digest"),
            (employee.pk, "duty", "now"),
            (strategist.pk, "plain", "digest"),
        }

    def test_it_is_in_the_audit_trail_once(self, employee: User):
        choose(by=employee, ways={"plain": Way.OFF})
        choose(by=employee, ways={"plain": Way.OFF})

        entry = AuditEntry.objects.get(verb="person.notifications_chosen")
        assert entry.details == {"plain": "off"}

    def test_times_are_kept(self, employee: User):
        for hour in [9, 10]:
            choose_times(
                by=employee, digest_at=time(hour), quiet_from=time(18), quiet_until=time(8), quiet_weekends=True
            )

        assert MailTimes.objects.get(person=employee).digest_at == time(10)
        assert AuditEntry.objects.filter(verb="person.mail_times_chosen").count() == 2


class TestUnsubscribe:
    def test_one_kind(self, employee: User):
        unsubscribe(asked=Unsubscribe(employee.pk, "plain"))

        assert ways(employee) == {"plain": "portal"}

    def test_everything_but_what_is_required_and_what_was_off_before(self, employee: User):
        choose(by=employee, ways={"plain": Way.OFF})

        unsubscribe(asked=Unsubscribe(employee.pk, unsubscribing.ALL_KINDS))

        found = ways(employee)
        assert found["plain"] == "off"
        assert found["urgent"] == found["announcement"] == "portal"
        assert "duty" not in found

    def test_a_mail_that_waits_is_not_sent(self, employee: User):
        NotificationFactory(person=employee)
        OutgoingMailFactory(person=employee)

        unsubscribe(asked=Unsubscribe(employee.pk, "plain"))
        with time_machine.travel(NOW, tick=False):
            send_mail(seconds=9)

        assert mail.outbox == []

    def test_who_has_left_changes_nothing(self, employee: User):
        User.objects.update(is_active=False)

        unsubscribe(asked=Unsubscribe(employee.pk, "plain"))

        assert ways(employee) == {}


class TestLink:
    @pytest.fixture
    def path(self, employee: User, settings) -> str:
        return unsubscribing.link(employee.pk, "plain").removeprefix(settings.PUBLIC_URL)

    def test_opening_it_asks_and_changes_nothing(self, path: str, employee: User):
        response = Client().get(path)

        assert response.status_code == 200
        assert "“Plain”" in response.content.decode()
        assert ways(employee) == {}

    def test_the_button_works_without_signing_in(self, path: str, employee: User):
        response = Client(enforce_csrf_checks=True).post(path)

        assert "No more of these mails" in response.content.decode()
        assert ways(employee) == {"plain": "portal"}

    def test_a_mail_program_posts_as_the_standard_says(self, path: str, employee: User):
        response = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

        assert response.status_code == 200
        assert ways(employee) == {"plain": "portal"}

    def test_a_link_that_was_changed_does_nothing(self, path: str, employee: User):
        for wrong in [path[:-3] + "/", path.replace("off/W", "off/X"), "/notifications/off/x/"]:
            response = Client().post(wrong)
            assert response.status_code == 404
            assert "does not work any more" in response.content.decode()

        assert ways(employee) == {}

    def test_a_link_is_good_for_half_a_year(self, employee: User, settings):
        with time_machine.travel(NOW, tick=False):
            token = unsubscribing.link(employee.pk, "plain").rstrip("/").rpartition("/")[2]
            assert unsubscribing.read(token) == Unsubscribe(employee.pk, "plain")
        with time_machine.travel(NOW + unsubscribing.GOOD_FOR, tick=False):
            assert unsubscribing.read(token) is not None
        with time_machine.travel(NOW + unsubscribing.GOOD_FOR * 1.01, tick=False):
            assert unsubscribing.read(token) is None


class TestPage:
    def test_what_cannot_be_switched_off_says_why(self, employee: User, sign_in: SignIn):
        page = sign_in(employee).get(PAGE).content.decode()

        assert "The law asks for it." in page

    def test_a_choice_is_saved_and_shown(self, employee: User, sign_in: SignIn):
        client = sign_in(employee)

        response = client.post(PAGE, {"plain": "off", "feedback.reply": "at_once", "duty": "digest"})

        assert response.url == PAGE
        assert ways(employee) == {"plain": "off", "feedback.reply": "at_once"}
        lines = client.get(PAGE).context["ways"].lines
        assert [
            option.way for _, choices in lines for each in choices for option in each.options
            if each.name == "plain" and option.checked
        ] == [Way.OFF]  # fmt: skip

    @pytest.mark.parametrize("ways_sent", [{"duty": "off"}, {"plain": "sometimes"}])
    def test_a_choice_that_there_is_not_is_refused(self, ways_sent: dict[str, str], employee: User, sign_in: SignIn):
        response = sign_in(employee).post(PAGE, ways_sent)

        assert response.status_code == 200
        assert response.context["ways"].errors
        assert ways(employee) == {}

    def test_times_are_saved(self, employee: User, sign_in: SignIn):
        sign_in(employee).post(
            PAGE + "times/",
            {"digest_at": "09:30", "quiet_from": "18:00", "quiet_until": "08:00", "quiet_weekends": "1"},
        )

        assert MailTimes.objects.get(person=employee).digest_at == time(9, 30)

    @pytest.mark.parametrize(
        "sent",
        [
            {"digest_at": "06:00", "quiet_from": "20:00", "quiet_until": "07:00"},
            {"digest_at": "15:00", "quiet_from": "14:00", "quiet_until": "16:00"},
            {"digest_at": "noon", "quiet_from": "20:00", "quiet_until": "07:00"},
        ],
    )
    def test_times_that_do_not_fit_are_explained(self, sent: dict[str, str], employee: User, sign_in: SignIn):
        response = sign_in(employee).post(PAGE + "times/", sent)

        assert "digest_at" in response.context["form"].errors
        assert sent["quiet_from"] in response.content.decode()
        assert not MailTimes.objects.exists()
