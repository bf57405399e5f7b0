"""A signed exchange through the views, and every way in which an answer proves nothing."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml

from coe_portal.audit.models import AuditEntry
from coe_portal.identity.actions.providers import save_provider
from coe_portal.identity.models import IdentityProvider, SeenAssertion
from coe_portal.identity.saml.metadata import read_metadata
from coe_portal.people.actions import deactivate
from coe_portal.people.models import User
from coe_portal.privacy.actions.retaining import remove_old
from tests.coe_portal.identity.saml_idp import (
    ENTITY,
    SSO,
    WRAPPED,
    Answer,
    keys,
    metadata,
    packed,
    request_id,
    sign,
)
from tests.coe_portal.identity.test_openid_connect import ELSEWHERE
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings, administrator) -> IdentityProvider:
    settings.PUBLIC_URL = "http://testserver"
    found = read_metadata(metadata().encode())
    made = IdentityProvider(
        kind="saml", name="Hospital", key="hospital", enabled=True, trusts_email=True, entity_id=found.entity_id,
        sso_url=found.sso_url, certificates=found.certificates,
    )  # fmt: skip
    return save_provider(by=administrator, provider=made)


@pytest.fixture
def rosa(provider) -> User:
    return PersonFactory(email="rosa@riverbend.example")


def leave(client: Client, address: str = "/accounts/sso/hospital/login/", **sent) -> str:
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url.startswith(SSO)
    return answer.url


def arrive(client: Client, xml: str, **sent):
    """The POST comes from the provider's site, so the browser leaves the session's cookie at home."""
    stranger = Client()
    posted = stranger.post("/accounts/sso/hospital/acs/", {"SAMLResponse": packed(xml), **sent})
    assert posted.url == "/accounts/sso/hospital/acs/finish/"
    client.cookies["saml-acs-session"] = stranger.cookies["saml-acs-session"].value
    return client.get(posted.url)


def signed_in_as(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def refused(client: Client, xml: str) -> str:
    """Why, as the audit trail has it."""
    before = AuditEntry.objects.filter(verb="sign_in.refused").count()
    answer = arrive(client, xml)
    assert answer.status_code in {401, 403}
    assert signed_in_as(client) is None
    assert AuditEntry.objects.filter(verb="sign_in.refused").count() == before + 1
    return AuditEntry.objects.filter(verb="sign_in.refused").latest("pk").details["why"]


def test_a_signed_answer_signs_in_and_leads_where_one_wanted_to_go(rosa):
    client = Client()
    answer = arrive(client, Answer(request_id(leave(client, next="/policies/"))).signed())

    assert answer.url == "/policies/"
    assert signed_in_as(client) == rosa.pk
    assert SocialAccount.objects.get(user=rosa).uid == f"{ENTITY} subject-1"


def test_the_same_subject_is_the_same_person_whatever_the_address_says(rosa):
    first, again, other = Client(), Client(), Client()
    arrive(first, Answer(request_id(leave(first))).signed())
    arrive(again, Answer(request_id(leave(again)), attributes=(("email", "new@riverbend.example"),)).signed())
    why = refused(other, Answer(request_id(leave(other)), subject="subject-2").signed())

    assert signed_in_as(again) == rosa.pk
    assert why == "another_subject"


def test_a_whole_response_that_is_signed_still_needs_a_signed_assertion(rosa):
    client = Client()
    said = Answer(request_id(leave(client)))

    assert "Assertion of the Response is not signed" in refused(client, sign(said.response(said.assertion()), keys()))


def test_unsigned_is_nobody(rosa):
    client = Client()
    said = Answer(request_id(leave(client)))

    assert "not signed" in refused(client, said.response(said.assertion()))


def test_signed_by_somebody_else_is_nobody(rosa):
    client = Client()

    assert "Signature validation failed" in refused(client, Answer(request_id(leave(client))).signed(keys("other")))


@pytest.mark.parametrize("old", [(Saml.RSA_SHA1, Saml.SHA256), (Saml.RSA_SHA256, Saml.SHA1)])
def test_signed_with_an_old_algorithm_is_nobody(old, rosa):
    client = Client()
    said = Answer(request_id(leave(client)))

    assert "eprecated" in refused(client, said.response(sign(said.assertion(), keys(), *old)))


def test_altered_after_signing_is_nobody(rosa):
    client = Client()
    xml = Answer(request_id(leave(client))).signed().replace("rosa@riverbend", "evil@riverbend")

    assert "Signature validation failed" in refused(client, xml)


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
def test_wrapped_is_never_the_victim(wrap, rosa):
    victim = PersonFactory(email="victim@riverbend.example")
    client = Client()
    refused(client, wrap(Answer(request_id(leave(client))).signed()))

    assert not SocialAccount.objects.filter(user=victim).exists()


def test_a_comment_in_the_name_does_not_cut_it(rosa):
    """<NameID>subject-1<!-- -->.evil</NameID> must not be read as subject-1."""
    client, evil = Client(), Client()
    arrive(client, Answer(request_id(leave(client))).signed())
    xml = Answer(request_id(leave(evil)), subject="subject-1<!-- -->.evil", attributes=(("title", "x"),)).signed()

    assert refused(evil, xml) == "unknown_person"


def test_an_answer_is_good_once(rosa):
    """Also for another browser that asked, and also after the first one has signed out."""
    client, thief = Client(), Client()
    away = request_id(leave(client))
    xml = Answer(away).signed()
    arrive(client, xml)
    client.post("/accounts/logout/")
    session = thief.session
    session["socialaccount_states"] = {away: ({"process": "login"}, timezone.now().timestamp(), "hospital")}
    session.save()
    thief.cookies["sessionid"] = session.session_key

    assert refused(thief, xml) == "This assertion was used before."


def test_what_was_used_is_remembered_for_as_long_as_it_would_hold(rosa):
    client = Client()
    arrive(client, Answer(request_id(leave(client)), ends=timedelta(minutes=30)).signed())
    remove_old(at=timezone.now() + timedelta(hours=24))
    assert SeenAssertion.objects.count() == 1
    remove_old(at=timezone.now() + timedelta(hours=26))

    assert SeenAssertion.objects.count() == 0


LIES = {
    "for another audience": ({"audience": "https://somebody.example"}, "audience"),
    "of another issuer": ({"issuer": "https://evil.example"}, "ssuer"),
    "for another address": ({"acs": "https://evil.example/acs"}, "instead of"),
    "too old": ({"starts": timedelta(hours=-2), "ends": timedelta(hours=-1)}, "xpired"),
    "too early": ({"starts": timedelta(hours=1), "ends": timedelta(hours=2)}, "not yet valid"),
    "of a passing subject": ({"subject_format": Saml.NAMEID_TRANSIENT}, "transient"),
}


@pytest.mark.parametrize(("lie", "why"), LIES.values(), ids=LIES)
def test_an_answer_that_does_not_fit_is_nobody(lie, why, rosa):
    client = Client()

    assert why in refused(client, Answer(request_id(leave(client)), **lie).signed())


def test_an_answer_that_this_browser_did_not_ask_for_is_nobody(rosa):
    asked, other = Client(), Client()
    away = request_id(leave(asked))

    assert refused(other, Answer(away).signed()) == "Nobody asked for this answer."
    assert refused(Client(), Answer("_made_up").signed()) == "Nobody asked for this answer."


@pytest.mark.parametrize("text", ["", "x", "<x/>", "%%%", "PHg+", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"])
def test_nonsense_is_a_friendly_page(text, rosa):
    client = Client()
    leave(client)
    stranger = Client()
    stranger.post("/accounts/sso/hospital/acs/", {"SAMLResponse": text})
    client.cookies["saml-acs-session"] = stranger.cookies["saml-acs-session"].value
    answer = client.get("/accounts/sso/hospital/acs/finish/")

    assert answer.status_code == 401
    assert "That did not work" in answer.content.decode()


def test_the_finish_without_an_answer_is_a_friendly_page(provider):
    assert Client().get("/accounts/sso/hospital/acs/finish/").status_code == 401


def test_somebody_deactivated_is_refused(rosa, administrator):
    first, again = Client(), Client()
    arrive(first, Answer(request_id(leave(first))).signed())
    deactivate(by=administrator, person=rosa)

    assert refused(again, Answer(request_id(leave(again))).signed()) == "deactivated"
    assert first.get("/my/").status_code == 302


def test_its_second_step_counts_where_it_is_accepted(rosa):
    Authenticator.objects.create(user=rosa, type="totp", data={"secret": "x"})
    strong = "https://refeds.org/profile/mfa"
    asked, accepted = Client(), Client()
    first = arrive(asked, Answer(request_id(leave(asked)), context=strong).signed())
    IdentityProvider.objects.update(mfa_values=strong)
    arrive(accepted, Answer(request_id(leave(accepted)), context=strong).signed())

    assert first.url == "/accounts/2fa/authenticate/"
    assert signed_in_as(accepted) == rosa.pk


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_neither_next_nor_relay_state_leads_elsewhere(elsewhere, rosa):
    client = Client()
    xml = Answer(request_id(leave(client, next=elsewhere))).signed()

    assert arrive(client, xml, RelayState=elsewhere).url == "/"


def test_our_metadata_says_where_and_how(provider):
    answer = Client().get("/accounts/sso/hospital/metadata/")
    text = answer.content.decode()

    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert 'entityID="http://testserver/accounts/sso/hospital/metadata/"' in text
    assert 'Location="http://testserver/accounts/sso/hospital/acs/"' in text
    assert 'WantAssertionsSigned="true"' in text
    assert Client().get("/accounts/sso/nobody/metadata/").status_code == 404


def test_a_test_shows_what_came(provider, administrator, sign_in):
    client = sign_in(administrator)
    xml = Answer(request_id(leave(client, f"/administration/sign-in/providers/{provider.pk}/test/"))).signed()
    page = client.get(arrive(client, xml).url).content.decode()

    assert "rosa@riverbend.example" in page
    assert "subject-1" in page
    assert signed_in_as(client) == administrator.pk


def test_confirming_asks_the_provider_to_ask_again(rosa):
    client = Client()
    arrive(client, Answer(request_id(leave(client))).signed())
    away = leave(client, process="confirm", next="/my/account/")
    request = parse_qs(urlsplit(away).query)["SAMLRequest"][0]
    answer = arrive(client, Answer(request_id(away)).signed())

    assert request
    assert answer.url == "/my/account/"


def test_an_answer_that_lay_about_is_old(rosa):
    client = Client()
    xml = Answer(request_id(leave(client))).signed()
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert "SubjectConfirmation" in refused(client, xml)


# -- metadata
def test_metadata_is_pasted_and_kept_in_parts(administrator, sign_in):
    client = sign_in(administrator)
    client.post(
        "/administration/sign-in/providers/add/saml/",
        {"name": "Hospital", "key": "hospital", "metadata_text": metadata()},
    )
    stored = IdentityProvider.objects.get()

    assert (stored.entity_id, stored.sso_url, stored.certificates) == (ENTITY, SSO, [keys().plain])


BILLION = """<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><md>&lol2;</md>"""
EXTERNAL = """<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><md>&e;</md>"""


@pytest.mark.parametrize(
    "text", ["", "x", "<x/>", BILLION, EXTERNAL, metadata(certificate="AAAA"), metadata(sso="javascript:alert(1)")]
)
def test_bad_metadata_is_refused_with_words(text, administrator, sign_in):
    page = sign_in(administrator).post(
        "/administration/sign-in/providers/add/saml/", {"name": "H", "key": "h", "metadata_text": text or " "}
    )

    assert page.status_code == 200
    assert "metadata" in page.content.decode()
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1/metadata", "http://169.254.169.254/", "http://[::1]/"])
def test_metadata_inside_our_network_is_not_read(address, administrator, sign_in):
    sign_in(administrator).post(
        "/administration/sign-in/providers/add/saml/", {"name": "H", "key": "h", "metadata_url": address}
    )

    assert not IdentityProvider.objects.exists()
