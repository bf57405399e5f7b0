from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import Notification
from coe_portal.people.models import User

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def tell(person: User, number: int = 1) -> None:
    for each in range(number):
        notify(person_ids=[person.pk], kind="announcement", subject=f"News {each}", url="/my/", key=f"n{each}")


def test_a_person_sees_their_own(employee: User, strategist: User, sign_in: SignIn):
    tell(employee)

    assert "News 0" in sign_in(employee).get("/notifications/").content.decode()
    assert "News 0" not in sign_in(strategist).get("/notifications/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_one_query(number: int, employee: User, sign_in: SignIn, django_assert_num_queries):
    tell(employee, number)
    client = sign_in(employee)
    client.get("/notifications/")

    with django_assert_num_queries(1):
        client.get("/notifications/")


def test_opening_one_marks_it_and_goes_there(employee: User, sign_in: SignIn):
    tell(employee, 2)
    first = Notification.objects.earliest("pk")

    response = sign_in(employee).post("/notifications/read/", {"notification": first.pk})

    assert response.url == "/my/"
    assert list(Notification.objects.unread().values_list("subject", flat=True)) == ["News 1"]


def test_all_are_marked(employee: User, sign_in: SignIn):
    tell(employee, 2)

    sign_in(employee).post("/notifications/read/")

    assert not Notification.objects.unread().exists()


@pytest.mark.parametrize("number", ["999999", "x", "-1", "٣"])
def test_a_stranger_marks_nothing(number: str, employee: User, strategist: User, sign_in: SignIn):
    tell(employee)
    mine = str(Notification.objects.get().pk)

    assert sign_in(strategist).post("/notifications/read/", {"notification": number}).status_code == 404
    assert sign_in(strategist).post("/notifications/read/", {"notification": mine}).status_code == 404
    assert Notification.objects.unread().count() == 1


def test_get_marks_nothing(employee: User, sign_in: SignIn):
    tell(employee)

    assert sign_in(employee).get("/notifications/read/").status_code == 405
