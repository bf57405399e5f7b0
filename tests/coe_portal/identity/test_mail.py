import pytest
from django.core import mail
from django.test import Client

from coe_portal.people.models import User
from tests.jobs import run_jobs


@pytest.mark.parametrize(("language", "subject"), [("en", "Set a new password"), ("es", "Elegir una contraseña nueva")])
def test_mail_speaks_the_language_of_its_reader(language: str, subject: str, client: Client, employee: User):
    User.objects.filter(pk=employee.pk).update(language=language)

    client.post("/accounts/password/reset/", {"email": employee.email})
    run_jobs()

    [sent] = mail.outbox
    assert sent.subject.endswith(subject)
