import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.core.typeset import typeset
from tests.factories.people import person_with
from tests.factories.training import NOON, completion_of, course_with
from training.actions.complete import new_code, revoke
from training.models import Certificate
from training.queries.certificates import paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(employee):
    return completion_of(employee, course_with()).certificate


def verification(code):
    return Client().get(reverse("training:certificate", args=[code]))


def test_a_code_has_160_random_bits():
    codes = {new_code() for _ in range(100)}

    assert len(codes) == 100
    assert {len(code) for code in codes} == {27}


def test_anybody_can_verify_a_valid_certificate(certificate):
    response = verification(certificate.code)

    html = response.content.decode()
    assert (response.status_code, response.context["state"]) == (200, "valid")
    assert "Rosa Delgado" in html
    assert "About privacy" in html
    assert "Revoke" not in html


def test_the_public_page_does_not_show_the_score(certificate):
    assert "90" not in re.sub(r"<[^>]*>", "", verification(certificate.code).content.decode()).split("Certificate")[-1]


def test_an_expired_certificate_says_so(employee):
    yesterday = timezone.localdate() - timedelta(days=1)
    completion = completion_of(
        employee, course_with(), completed_on=yesterday - timedelta(days=9), valid_until=yesterday
    )

    assert verification(completion.certificate.code).context["state"] == "expired"


def test_a_revoked_certificate_says_so_but_the_reason_is_for_its_holder(certificate, strategist, sign_in):
    revoke(by=strategist, certificate=certificate, because="Taken by somebody else", at=NOON)

    public = verification(certificate.code)
    holder = sign_in(certificate.completion.person).get(certificate.get_absolute_url())

    assert public.context["state"] == "revoked"
    assert "Taken by somebody else" not in public.content.decode()
    assert "Taken by somebody else" in holder.content.decode()


def test_an_unknown_code_is_explained(db):
    response = verification("nothing-like-it")

    assert response.status_code == 404
    assert "We know no certificate with this code" in response.content.decode()


def test_the_verification_asks_the_database_once(certificate, django_assert_num_queries):
    verification(certificate.code)

    with django_assert_num_queries(1):
        verification(certificate.code)


def test_the_holder_downloads_a_tagged_pdf(certificate, sign_in):
    response = sign_in(certificate.completion.person).get(reverse("training:certificate_pdf", args=[certificate.code]))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="certificate-privacy.pdf"'
    assert response.content.startswith(b"%PDF-1.7")


def test_the_pdf_is_ua_1_with_a_title_a_language_and_a_heading(certificate):
    document = typeset("training/certificate.typ", paper(certificate), at=NOON)

    for part in (b"<pdfuaid:part>1</pdfuaid:part>", b"/MarkInfo<</Marked true", b"/StructTreeRoot", b"/Lang(en)"):
        assert part in document
    assert re.search(rb"/S/H1\b", document)
    assert re.search(rb"/S/TH\b", document)
    assert b"Certificate: About privacy" in document


def test_the_same_certificate_makes_the_same_pdf(certificate):
    assert typeset("training/certificate.typ", paper(certificate), at=NOON) == typeset(
        "training/certificate.typ", paper(certificate), at=NOON
    )


def test_a_name_is_never_run_as_typst(certificate):
    certificate.holder = '#panic("run") *bold* $x$'

    assert typeset("training/certificate.typ", paper(certificate), at=NOON).startswith(b"%PDF")


def test_the_pdf_of_another_person_is_not_there(certificate, strategist, sign_in):
    for person in (person_with(), strategist):
        response = sign_in(person).get(reverse("training:certificate_pdf", args=[certificate.code]))
        assert response.status_code == 404


def test_the_pdf_needs_a_sign_in(certificate):
    assert Client().get(reverse("training:certificate_pdf", args=[certificate.code])).status_code == 302


def test_everybody_sees_their_own_certificates(certificate, sign_in):
    completion_of(person_with(), certificate.completion.course)

    response = sign_in(certificate.completion.person).get(reverse("training:certificates"))

    assert response.context["certificates"] == [(certificate, "valid")]


def test_a_strategist_revokes_with_a_reason(certificate, strategist, sign_in):
    url = reverse("training:revoke", args=[certificate.code])
    client = sign_in(strategist)

    assert client.post(url, {"because": ""}).context["form"].errors.keys() == {"because"}
    client.post(url, {"because": "Taken by somebody else"})

    certificate.refresh_from_db()
    assert (certificate.revoked_by, certificate.revoked_because) == (strategist, "Taken by somebody else")
    assert AuditEntry.objects.filter(verb="training.revoke", actor=strategist).count() == 1


def test_revoking_twice_keeps_the_first_reason(certificate, strategist, approver):
    revoke(by=strategist, certificate=certificate, because="First", at=NOON)
    revoke(by=approver, certificate=certificate, because="Second", at=NOON)

    assert Certificate.objects.get().revoked_because == "First"
    assert AuditEntry.objects.filter(verb="training.revoke").count() == 1


def test_nobody_else_revokes(certificate, employee, executive, administrator, sign_in):
    for person in (employee, executive, administrator):
        response = sign_in(person).post(reverse("training:revoke", args=[certificate.code]), {"because": "x"})
        assert response.status_code == 404
    certificate.refresh_from_db()
    assert certificate.revoked_at is None
