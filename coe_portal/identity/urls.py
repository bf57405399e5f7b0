from django.urls import path

from coe_portal.identity.views import entrance, invitations, key_pairs, manage, overview, own, people, providers, saml

SIGN_IN = "administration/sign-in/"
PROVIDER = "accounts/sso/<slug:key>/"

app_name = "identity"
urlpatterns = [
    path(SIGN_IN, overview.sign_in, name="sign_in"),
    path(f"{SIGN_IN}second-step/", overview.second_step, name="second_step"),
    path(f"{SIGN_IN}sessions/", overview.limits, name="limits"),
    path(f"{SIGN_IN}ways-in/", overview.ways_in, name="ways_in"),
    path(f"{SIGN_IN}providers/add/<slug:kind>/", manage.add_provider, name="add_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/", manage.provider, name="provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/change/", manage.change_provider, name="change_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/test/", manage.test_provider, name="test_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/enable/", manage.enable_provider, name="enable_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/disable/", manage.disable_provider, name="disable_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/remove/", manage.remove_provider, name="remove_provider"),
    path(f"{SIGN_IN}providers/<int:provider_id>/rules/", manage.add_rule, name="add_rule"),
    path(f"{SIGN_IN}providers/<int:provider_id>/read/", manage.read_again, name="read_again"),
    path(f"{SIGN_IN}providers/<int:provider_id>/keys/", key_pairs.make_key_pair, name="make_key_pair"),
    path(f"{SIGN_IN}keys/<int:pair_id>/remove/", key_pairs.remove_key_pair, name="remove_key_pair"),
    path(f"{SIGN_IN}rules/<int:rule_id>/remove/", manage.remove_rule, name="remove_rule"),
    path(f"{SIGN_IN}invitations/", invitations.invitations, name="invitations"),
    path(f"{SIGN_IN}invitations/invite/", invitations.invite, name="invite"),
    path(f"{SIGN_IN}invitations/<int:invitation_id>/again/", invitations.send_again, name="send_again"),
    path(f"{SIGN_IN}invitations/<int:invitation_id>/withdraw/", invitations.withdraw, name="withdraw"),
    path(f"{SIGN_IN}people/<int:person_id>/", people.person, name="person"),
    path(f"{SIGN_IN}people/<int:person_id>/sign-out/", people.end_sessions, name="end_sessions"),
    path(f"{SIGN_IN}people/<int:person_id>/reset-second-step/", people.reset_factors, name="reset_factors"),
    path(f"{SIGN_IN}people/sessions/<int:session_id>/end/", people.end_session, name="end_session"),
    path(f"{SIGN_IN}people/links/<int:account_id>/remove/", people.remove_link, name="remove_link"),
    path("accounts/invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("accounts/signed-out/", entrance.signed_out, name="signed_out"),
    path("accounts/confirm/", entrance.confirm, name="confirm"),
    path(f"{PROVIDER}login/", providers.provider_login, name="provider_login"),
    path(f"{PROVIDER}callback/", providers.oidc_callback, name="oidc_callback"),
    path(f"{PROVIDER}acs/", saml.acs, name="saml_acs"),
    path(f"{PROVIDER}acs/finish/", saml.finish, name="saml_finish"),
    path(f"{PROVIDER}metadata/", saml.metadata, name="saml_metadata"),
    path("my/account/sessions/", own.own_sessions, name="own_sessions"),
    path("my/account/sessions/<int:session_id>/end/", own.end_own_session, name="end_own_session"),
    path("my/account/sessions/others/end/", own.end_other_own_sessions, name="end_other_own_sessions"),
    path("my/account/second-step/", own.second_step_due, name="second_step_due"),
    path("my/account/session/", own.session, name="session"),
]
