"""Where texts can stand in the tables below this app, and what a purge does to each of them."""

from coe_portal.personal import CHOSEN, COMPUTED, FRAMEWORK, SECRET, TRAIL, Columns

TEXTS = {
    "auth.permission": Columns(never={FRAMEWORK: "name codename"}),
    "auth.group": Columns(never={FRAMEWORK: "name"}),
    "contenttypes.contenttype": Columns(never={FRAMEWORK: "app_label model"}),
    "sessions.session": Columns(never={SECRET: "session_key"}, own="session_data"),
    "account.emailaddress": Columns("email"),
    "account.emailconfirmation": Columns(never={SECRET: "key"}),
    "mfa.authenticator": Columns(never={SECRET: "data"}),
    "socialaccount.socialapp": Columns(
        "provider_id name", never={CHOSEN: "provider", SECRET: "client_id secret settings key"}
    ),
    "socialaccount.socialaccount": Columns("uid extra_data", never={CHOSEN: "provider"}),
    "socialaccount.socialtoken": Columns(never={SECRET: "token token_secret"}),
    "usersessions.usersession": Columns("user_agent", never={CHOSEN: "data", SECRET: "session_key"}),
    "django_celery_beat.crontabschedule": Columns(
        never={FRAMEWORK: "minute hour day_of_month month_of_year day_of_week"}
    ),
    "django_celery_beat.periodictask": Columns(
        never={FRAMEWORK: "name task args kwargs queue exchange routing_key headers description"}
    ),
    "people.department": Columns("name location external_id code"),
    "people.user": Columns(
        "email name job_title location employee_number external_id",
        never={CHOSEN: "language time_zone", SECRET: "password"},
    ),
    "people.audience": Columns("name", never={CHOSEN: "rule"}),
    "people.audienceversion": Columns("name", never={CHOSEN: "rule"}),
    "people.earlieraudience": Columns(never={CHOSEN: "thing"}),
    "outbox.queuedjob": Columns("arguments error", never={CHOSEN: "key name"}),
    "audit.auditentry": Columns(never={COMPUTED: "digest", CHOSEN: "kind", TRAIL: "verb summary details"}),
    "audit.seal": Columns(never={COMPUTED: "previous hash signature", TRAIL: "content"}),
    "audit.verification": Columns(never={COMPUTED: "head"}),
    "audit.access": Columns("path"),
    "notifications.outgoingmail": Columns("address error", never={CHOSEN: "key", SECRET: "content"}),
    "notifications.chatdestination": Columns(
        "name host audience_note last_error", never={CHOSEN: "service kinds", SECRET: "secret"}
    ),
    "notifications.notification": Columns("subject lead url", never={CHOSEN: "kind key"}),
    "notifications.preference": Columns(never={CHOSEN: "kind way"}),
    "search.searchdocument": Columns("title lead body url", never={CHOSEN: "kind"}),
    "search.searchword": Columns(own="word"),
    "search.synonym": Columns("words also"),
    "search.missedterm": Columns("term"),
    "search.settledterm": Columns("term"),
    "tokens.accesstoken": Columns("name", never={COMPUTED: "hint", CHOSEN: "scopes", SECRET: "digest"}),
    "identity.signinpolicy": Columns(never={CHOSEN: "second_factor_roles session_limits"}),
    "identity.invitation": Columns("email name job_title", never={CHOSEN: "roles", SECRET: "digest"}),
    "identity.identityprovider": Columns(
        "name issuer client_id discovery metadata_url entity_id sso_url certificates"
        " email_attribute name_attribute number_attribute further_origins scopes mfa_values read_problem",
        never={CHOSEN: "key", SECRET: "secret"},
    ),
    "identity.keypair": Columns(never={COMPUTED: "certificate", SECRET: "private_key"}),
    "identity.mappingrule": Columns("attribute value"),
    "identity.providertest": Columns("subject attributes problem"),
    "identity.seenassertion": Columns(never={COMPUTED: "digest"}),
    "privacy.legalhold": Columns("reason", never={CHOSEN: "kind"}),
    "privacy.retentionperiod": Columns(never={CHOSEN: "key"}),
    "privacy.retentionrun": Columns(never={CHOSEN: "key"}),
    "privacy.dataexport": Columns(never={SECRET: "file"}),
    "privacy.erasure": Columns("reason answer", never={COMPUTED: "pseudonym records failed"}),
    "privacy.sealedname": Columns(never={SECRET: "sealed"}),
    "privacy.purge": Columns(never={COMPUTED: "found failed", CHOSEN: "kind", SECRET: "sealed_words"}),
    "reminders.reminder": Columns(never={COMPUTED: "stage", CHOSEN: "key"}),
}
