"""scim2-tester walks the whole protocol against the portal as it is mounted, through WSGI."""

import pytest
from django.core.wsgi import get_wsgi_application
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from coe_portal.people.access import Role
from tests.factories.people import person_with
from tests.factories.tokens import token_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_check_of_the_tester_succeeds():
    _token, headers = token_for(person_with(Role.ADMINISTRATOR), "scim")
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": headers["Authorization"]},
    )

    results = check_server(client)

    wrong = [f"{each.title}: {each.reason}" for each in results if each.status not in {Status.SUCCESS, Status.SKIPPED}]
    assert not wrong, "\n".join(wrong)
    assert len([each for each in results if each.status == Status.SUCCESS]) >= 90
