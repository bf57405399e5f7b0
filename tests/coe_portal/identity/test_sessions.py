from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connections
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.identity.actions import policy
from coe_portal.identity.views.own import in_words
from tests.coe_portal.identity.conftest import PASSWORD
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def later(**by):
    return time_machine.travel(timezone.now() + timedelta(**by), tick=False)


def test_an_administrator_is_signed_out_after_half_an_hour_and_led_back(administrator, sign_in):
    client = sign_in(administrator)
    with later(minutes=31):
        out = client.get("/people/1/?page=2")
        page = client.get(out.url)

    assert out.url == "/accounts/signed-out/?next=/people/1/%3Fpage%3D2"
    assert "You were signed out" in page.content.decode()
    assert "/accounts/login/?next=/people/1/%3Fpage%3D2" in page.content.decode()


def test_an_employee_has_a_shift(employee, sign_in):
    client = sign_in(employee)
    with later(hours=7):
        assert client.get("/my/").status_code == 200
    with later(hours=15, minutes=1):
        assert client.get("/my/").status_code == 302


def test_clicking_does_not_outlast_the_absolute_limit(administrator, sign_in):
    client = sign_in(administrator)
    for minutes in range(20, 12 * 60, 20):
        with later(minutes=minutes):
            assert client.get("/my/").status_code == 200
    with later(hours=12):
        assert client.get("/my/").status_code == 302


def test_a_click_is_written_down_once_in_a_while(employee, enter, django_assert_num_queries):
    client = enter(employee)
    client.get("/my/account/session/")
    with django_assert_num_queries(0):
        client.get("/my/account/session/")
    with later(minutes=6):
        client.get("/my/")
        assert UserSession.objects.get().last_seen_at == timezone.now()


def test_asking_how_long_it_lasts_does_not_make_it_longer(administrator, sign_in):
    client = sign_in(administrator)
    with later(minutes=20):
        assert client.get("/my/account/session/").json()["left"] == pytest.approx(600, abs=5)
        assert client.post("/my/account/session/").json()["left"] == pytest.approx(1800, abs=5)
    with later(minutes=45):
        assert client.get("/my/").status_code == 200


def test_changed_limits_hold_for_open_sessions(administrator, employee, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(employee)
    with django_capture_on_commit_callbacks(execute=True):
        policy.change_limits(by=administrator, limits={"": (10, 1, 5)})
    with later(minutes=11):
        assert client.get("/my/").status_code == 302


def test_the_limits_page_keeps_what_it_is_given(administrator, sign_in):
    client = sign_in(administrator)
    everybody = {"idle_": 60, "absolute_": 24, "browsers_": 5}
    half = client.post("/administration/sign-in/sessions/", {**everybody, "idle_strategist": 30})
    whole = client.post(
        "/administration/sign-in/sessions/",
        {**everybody, "idle_strategist": 30, "absolute_strategist": 8, "browsers_strategist": 2},
    )

    assert "Give all three figures" in half.content.decode()
    assert whole.url == "/administration/sign-in/"
    assert AuditEntry.objects.get(verb="sign_in.limits_changed").details["limits"] == {
        "": [60, 24, 5], "strategist": [30, 8, 2],
    }  # fmt: skip


def test_one_sees_and_ends_ones_own_sessions_alone(employee, strategist, enter):
    here, there, other = enter(employee), enter(employee), enter(strategist)
    page = here.get("/my/account/sessions/").content.decode()
    theirs = UserSession.objects.get(user=strategist)
    mine = UserSession.objects.filter(user=employee).latest("pk")

    assert page.count("127.0.0.1") == 2
    assert here.post(f"/my/account/sessions/{theirs.pk}/end/").status_code == 404
    assert here.post(f"/my/account/sessions/{mine.pk}/end/").status_code == 302
    assert there.get("/my/").status_code == 302
    assert here.get("/my/").status_code == 200
    assert other.get("/my/").status_code == 200


def test_all_others_end_at_once(employee, enter):
    here, there = enter(employee), enter(employee)
    here.post("/my/account/sessions/others/end/")

    assert here.get("/my/").status_code == 200
    assert there.get("/my/").status_code == 302


def test_an_administrator_ends_somebodys_sessions(administrator, employee, enter, django_capture_on_commit_callbacks):
    client, by = enter(employee), enter(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        by.post(f"/administration/sign-in/people/{employee.pk}/sign-out/")

    assert client.get("/my/").status_code == 302
    assert AuditEntry.objects.get(verb="sessions.ended").object_id == employee.pk


def test_a_lost_second_step_is_taken_off_with_a_reason(
    administrator, strategist, enter, django_capture_on_commit_callbacks
):
    Authenticator.objects.create(user=strategist, type="totp", data={"secret": "x"})
    client, theirs = enter(administrator), enter(strategist)
    address = f"/administration/sign-in/people/{strategist.pk}/reset-second-step/"

    assert client.post(address, {}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"reason": "Called her desk"})

    assert not Authenticator.objects.exists()
    assert theirs.get("/my/").status_code == 302
    assert AuditEntry.objects.get(verb="factor.reset").details == {"types": ["totp"], "reason": "Called her desk"}


def test_nobody_resets_their_own_second_step_this_way(administrator, sign_in):
    Authenticator.objects.create(user=administrator, type="totp", data={"secret": "x"})
    answer = sign_in(administrator).post(
        f"/administration/sign-in/people/{administrator.pk}/reset-second-step/", {"reason": "It is me"}
    )

    assert answer.status_code == 404
    assert Authenticator.objects.exists()


def test_htmx_is_led_away_as_a_whole(administrator, sign_in):
    client = sign_in(administrator)
    with later(minutes=31):
        answer = client.get("/search/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/my/"})

    assert answer["HX-Redirect"] == "/accounts/signed-out/?next=/my/"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_the_page_of_the_signed_out_leads_nowhere_else(elsewhere):
    page = Client().get("/accounts/signed-out/", {"next": elsewhere}).content.decode()

    assert "evil" not in page


def test_a_half_login_of_somebody_who_leaves_comes_to_nothing():
    person = PersonFactory(is_active=False)
    client = Client()
    client.force_login(person, backend="coe_portal.people.backends.PortalBackend")

    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("address", ["/accounts/logout/", "own"])
def test_after_signing_out_the_browser_keeps_nothing(address, employee, enter):
    client = enter(employee)
    current = UserSession.objects.get(user=employee)
    answer = client.post(f"/my/account/sessions/{current.pk}/end/" if address == "own" else address)

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/my/").status_code == 302


def test_one_is_signed_out_by_a_click_and_by_no_link(employee, enter):
    client = enter(employee)
    client.get("/accounts/logout/")

    assert client.get("/my/").status_code == 200


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=8), "8 hours"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=7), "7 days"),
    ],
)
def test_a_limit_is_said_in_the_largest_unit_that_fits(span, words):
    assert in_words(span) == words


def test_somebody_without_a_password_is_not_told_to_change_it(employee, sign_in):
    employee.set_unusable_password()
    employee.save()
    client = sign_in(employee)

    assert "then change your password" not in client.get("/my/account/sessions/").content.decode()
    assert "/accounts/password/set/" in client.get("/my/account/").content.decode()


# -- how many at once
def test_one_browser_too_many_signs_the_first_one_out_and_both_say_so(
    employee, enter, django_capture_on_commit_callbacks
):
    browsers = [enter(employee) for _ in range(5)]
    assert all(each.get("/my/").status_code == 200 for each in browsers)
    with django_capture_on_commit_callbacks(execute=True):
        newest = enter(employee)

    told = newest.get("/my/").content.decode()
    out = browsers[0].get("/policies/?page=2")
    page = browsers[0].get(out.url).content.decode()
    assert "in 5 browsers at once" in told
    assert out.url == "/accounts/signed-out/?next=/policies/%3Fpage%3D2&elsewhere=1"
    assert "You signed in with another browser" in page
    assert "/accounts/login/?next=/policies/%3Fpage%3D2" in page
    assert [each.get("/my/").status_code for each in browsers] == [302, 200, 200, 200, 200]
    assert newest.get("/my/account/sessions/").content.decode().count("127.0.0.1") == 5


def test_htmx_is_led_away_as_a_whole_from_what_made_room(employee, enter, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, *_others = [enter(employee) for _ in range(6)]
    answer = first.get("/search/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/my/"})

    assert answer["HX-Redirect"] == "/accounts/signed-out/?next=/my/&elsewhere=1"


def test_what_is_over_by_itself_takes_no_room(employee, administrator, enter, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        policy.change_limits(by=administrator, limits={"": (60, 24, 2)})
    in_use = enter(employee)
    enter(employee)
    with later(minutes=50):
        in_use.get("/my/")
    with later(minutes=100):
        newest = enter(employee)
        assert in_use.get("/my/").status_code == 200
        assert "at once" not in newest.get("/my/").content.decode()


def test_of_several_roles_the_fewest_browsers_count(administrator, enter, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        policy.change_limits(by=administrator, limits={"": (60, 24, 4), "administrator": (30, 12, 1)})
    with django_capture_on_commit_callbacks(execute=True):
        first, second = enter(administrator), enter(administrator)

    assert first.get("/my/").status_code == 302
    assert "sign in with another, and this one is signed out" in second.get("/my/account/sessions/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_ten_sign_ins_at_the_same_time_leave_as_many_as_are_allowed(transactional_db):
    person = PersonFactory()
    person.set_password(PASSWORD)
    person.save()

    def come(_: int) -> int:
        try:
            return Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(come, range(10)))

    assert answers.count(302) >= 5
    assert UserSession.objects.filter(user=person).count() == 5
