from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.identity.actions import invitations as actions
from coe_portal.identity.models import Invitation
from coe_portal.identity.tokens import digest_of
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from coe_portal.people.actions import deactivate
from coe_portal.people.models import RoleGrant, User
from tests.coe_portal.identity.conftest import bare
from tests.factories.people import DepartmentFactory, person_with

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-secret-9"


@pytest.fixture
def department(db):
    return DepartmentFactory(name="Lakeside")


def invited(by: User, department, **fields) -> tuple[Invitation, str]:
    """An invitation whose mail has left, and the link in it."""
    given = {"email": "new@riverbend.example", "name": "Nia New", "department": department, **fields}
    invitation = actions.invite(by=by, **given)
    return invitation, link_of(invitation)


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def link_of(invitation: Invitation) -> str:
    actions.send(invitation_id=invitation.pk, at=timezone.now())
    text = mail.outbox[-1].body
    return next(word for word in text.split() if "/accounts/invitation/" in word).removeprefix("http://127.0.0.1:8000")


def test_an_administrator_invites_with_roles_and_the_link_lets_in_once(administrator, department, sign_in):
    page = sign_in(administrator).post(
        "/administration/sign-in/invitations/invite/",
        {"name": "Nia New", "email": "New@Riverbend.example", "kind": "office", "department": department.pk,
         "roles": ["coordinator"], "branch": department.pk},
    )  # fmt: skip
    invitation = Invitation.objects.get()
    link = link_of(invitation)
    came = Client().post(link, {"password": PASSWORD})

    person = User.objects.get(email="new@riverbend.example")
    assert page.url == "/administration/sign-in/invitations/"
    assert came.url == "/"
    assert list(RoleGrant.objects.filter(person=person).values_list("role", "branch")) == [
        ("coordinator", department.pk)
    ]
    assert Client().post(link, {"password": PASSWORD}).status_code == 410
    assert AuditEntry.objects.filter(verb="invitation.accepted", actor=person).count() == 1


def test_who_comes_in_is_signed_in(administrator, department):
    client = Client()
    client.post(invited(administrator, department)[1], {"password": PASSWORD})

    assert client.get("/my/").status_code == 200


def test_neither_the_row_nor_the_queue_holds_the_link(administrator, department):
    invitation, link = invited(administrator, department)
    token = token_of(link)
    invitation.refresh_from_db()

    assert invitation.digest == digest_of(token)
    assert token not in str(QueuedJob.objects.values())


def test_looking_at_the_link_uses_nothing_up(administrator, department):
    link = invited(administrator, department)[1]
    for _ in range(5):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200

    assert Client().post(link, {"password": PASSWORD}).status_code == 302


def test_what_the_invitation_says_cannot_be_altered(administrator, department):
    other = DepartmentFactory(name="Other")
    sent = {"password": PASSWORD, "email": "evil@elsewhere.example", "department": other.pk, "roles": "administrator"}
    Client().post(invited(administrator, department)[1], sent)

    person = User.objects.exclude(pk=administrator.pk).get()
    assert person.email == "new@riverbend.example"
    assert [each.department for each in person.memberships.all()] == [department]
    assert not person.role_grants.exists()


def test_used_withdrawn_expired_and_unknown_links_answer_the_same(administrator, department):
    used = invited(administrator, department)[1]
    Client().post(used, {"password": PASSWORD})
    withdrawn, withdrawn_link = invited(administrator, department, email="b@riverbend.example")
    actions.revoke(by=administrator, invitations=[withdrawn])
    expired = invited(administrator, department, email="c@riverbend.example")[1]
    links = [used, withdrawn_link, expired, "/accounts/invitation/never-was-one/"]

    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
        answers = [Client().get(link) for link in links] + [
            Client().post(link, {"password": PASSWORD}) for link in links
        ]

    assert {answer.status_code for answer in answers} == {410}
    assert (
        len({bare(answer.content.decode(), token_of(link)) for answer, link in zip(answers, links * 2, strict=True)})
        == 1
    )


def test_sent_again_the_old_link_is_void(administrator, department, sign_in):
    invitation, old = invited(administrator, department)
    sign_in(administrator).post(f"/administration/sign-in/invitations/{invitation.pk}/again/")
    new = link_of(invitation)

    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200


def test_a_leaver_neither_brings_somebody_in_nor_comes_back(administrator, department):
    leaver = person_with(Role.ADMINISTRATOR)
    theirs, _ = invited(leaver, department)
    for_them, _ = invited(administrator, department, email=leaver.email)
    deactivate(by=administrator, person=leaver)

    assert Invitation.objects.open().count() == 0
    assert {theirs.pk, for_them.pk} == set(Invitation.objects.exclude(revoked_at=None).values_list("pk", flat=True))


def test_a_strategist_invites_employees_and_gives_no_role(strategist, administrator, department, sign_in):
    invited(administrator, department, email="boss@riverbend.example", roles=["administrator"])
    client = sign_in(strategist)
    client.post(
        "/administration/sign-in/invitations/invite/",
        {"name": "Nia", "email": "nia@riverbend.example", "kind": "office", "department": department.pk,
         "roles": ["administrator"]},
    )  # fmt: skip
    page = client.get("/administration/sign-in/invitations/").content.decode()

    assert Invitation.objects.get(email="nia@riverbend.example").roles == []
    assert "nia@<wbr>riverbend.example" in page
    assert "boss@" not in page


def test_a_strategist_does_not_touch_what_an_administrator_sent(strategist, administrator, department, sign_in):
    invitation, link = invited(administrator, department, roles=["executive"])
    answers = [
        sign_in(strategist).post(f"/administration/sign-in/invitations/{invitation.pk}/{verb}/")
        for verb in ("again", "withdraw")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("who", ["employee", "executive", "privacy_officer"])
def test_others_invite_nobody(who, request, sign_in):
    client = sign_in(request.getfixturevalue(who))

    assert client.get("/administration/sign-in/invitations/").status_code == 403
    assert client.get("/administration/sign-in/invitations/invite/").status_code == 403


def test_a_weak_password_is_refused_and_the_link_still_works(administrator, department):
    link = invited(administrator, department)[1]
    weak = Client().post(link, {"password": "nia new"})

    assert weak.status_code == 200
    assert "at least 15" in weak.content.decode()
    assert Client().post(link, {"password": PASSWORD}).status_code == 302


def test_the_list_costs_the_same_for_one_and_for_three(administrator, department, sign_in, django_assert_num_queries):
    client = sign_in(administrator)
    invited(administrator, department)
    client.get("/administration/sign-in/invitations/")
    with django_assert_num_queries(1):
        client.get("/administration/sign-in/invitations/")
    for number in range(2):
        invited(administrator, department, email=f"n{number}@riverbend.example")
    with django_assert_num_queries(1):
        client.get("/administration/sign-in/invitations/")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_comes_in(transactional_db):
    administrator = person_with(Role.ADMINISTRATOR)
    link = invited(administrator, DepartmentFactory())[1]

    def come(_: int) -> int:
        try:
            return Client().post(link, {"password": PASSWORD}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        answers = sorted(threads.map(come, range(20)))

    assert answers == [302, *[410] * 19]
    assert User.objects.filter(email="new@riverbend.example").count() == 1
