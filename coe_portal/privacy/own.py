"""What the apps below this one keep of a person: people, sign-in, audit, notifications, search, tokens, exports."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User
from coe_portal.personal import Personal, PersonalRecords, Purgeable, Text, work_of
from coe_portal.privacy.own_periods import RETENTIONS
from coe_portal.privacy.redacting import redact
from coe_portal.privacy.texts import TEXTS


def settings_of(person: User) -> dict[str, object]:
    """The row of the person, without the digest of the password."""
    left_out = {"password", "id", "merged_into"}
    return {
        field.attname: getattr(person, field.attname)
        for field in person._meta.concrete_fields
        if field.name not in left_out
    }


def no_text(number: int) -> list[tuple[Text, str]] | None:
    """Words can be purged without saying which text they stand in; there is one such purge to ask for."""
    return None if number else []


personal = Personal(
    texts=TEXTS,
    redact=redact,
    purgeables={
        "words": Purgeable(
            _("Words wherever they stand"),
            no_text,
            None,
            lambda _number: [],
            lambda _number: reverse("privacy:purges"),
        )
    },
    records=[
        PersonalRecords("people.membership", "person", _("Departments"), ["department__name", "starts", "ends"]),
        PersonalRecords("people.rolegrant", "person", _("Roles"), ["role", "branch__name", "starts", "ends"]),
        PersonalRecords("people.audiencemember", "person", _("Audiences"), ["audience__name"], erased=True),
        PersonalRecords(
            "people.user", "manager", _("People managed"), why=_("The data of the people I manage, not mine.")
        ),
        PersonalRecords("people.user", "merged_into", _("Earlier records of the same person"), ["joined_at"]),
        PersonalRecords(
            "account.emailaddress", "user", _("E-mail addresses"), ["email", "verified", "primary"], erased=True
        ),
        PersonalRecords(
            "mfa.authenticator",
            "user",
            _("Second steps of signing in"),
            ["type", "created_at", "last_used_at"],
            erased=True,
        ),
        PersonalRecords(
            "usersessions.usersession",
            "user",
            _("Sessions"),
            ["created_at", "last_seen_at", "ip", "user_agent"],
            erased=True,
        ),
        PersonalRecords(
            "audit.auditentry",
            "actor",
            _("Acts in the audit trail"),
            ["at", "verb", "kind", "object_id", "details"],
        ),
        PersonalRecords(
            "audit.auditentry",
            "object_id",
            _("Acts of others on me in the audit trail"),
            ["at", "verb", "details"],
            # Their own acts are listed above, and an erasure is told when it is done.
            only=Q(kind="people.user") & ~Q(actor=F("object_id")) & ~Q(verb__startswith="erasure."),
        ),
        PersonalRecords("audit.access", "person", _("Sign-ins"), ["at", "event", "address", "path"], erased=True),
        *work_of("audit.verification", "by"),
        *work_of("people.audience", "made_by"),
        *work_of("people.audienceversion", "by"),
        *work_of("people.audiencerun", "by"),
        PersonalRecords(
            "people.pastmember",
            "person",
            _("Audiences of the past"),
            ["audience__name", "joined_on", "left_on"],
            titles=["audience__name"],
            seen=lambda rows, person: rows.none(),
        ),
        PersonalRecords(
            "people.audiencereader", "person", _("When audiences began to count for me"), ["since"], erased=True
        ),
        PersonalRecords(
            "socialaccount.socialaccount",
            "user",
            _("Sign-ins with an identity provider"),
            ["provider", "uid", "date_joined", "last_login", "extra_data"],
            erased=True,
        ),
        *work_of("identity.invitation", "invited_by"),
        PersonalRecords(
            "identity.invitation",
            "accepted_by",
            _("Invitation"),
            ["email", "name", "job_title", "invited_at", "accepted_at"],
            erased=True,
        ),
        PersonalRecords("identity.given", "person", _("What an identity provider gave"), ["at"], erased=True),
        *work_of("identity.providertest", "by"),
        PersonalRecords(
            "notifications.notification", "person", _("Notifications"), ["kind", "created_at", "read_at"], erased=True
        ),
        PersonalRecords(
            "notifications.preference", "person", _("Choices of notifications"), ["kind", "way"], erased=True
        ),
        PersonalRecords(
            "notifications.mailtimes",
            "person",
            _("Times for mail"),
            ["digest_at", "quiet_from", "quiet_until", "quiet_weekends"],
            erased=True,
        ),
        PersonalRecords(
            "notifications.outgoingmail",
            "person",
            _("Mails"),
            ["address", "purpose", "state", "created_at", "accepted_at"],
            erased=True,
        ),
        *work_of("search.settledterm", "settled_by"),
        *work_of("tokens.accesstoken", "owner"),
        PersonalRecords(
            "privacy.legalhold", "person", _("Legal holds"), why=_("Somebody under a hold is not told of it.")
        ),
        *work_of("privacy.legalhold", "placed_by", "released_by"),
        *work_of("privacy.retentionperiod", "changed_by"),
        PersonalRecords(
            "privacy.dataexport", "person", _("Exports asked for"), ["asked_at", "state", "fetched_at"], erased=True
        ),
        PersonalRecords(
            "privacy.erasure", "person", _("Erasure proposed"), why=_("The person is told when it is done.")
        ),
        *work_of("privacy.erasure", "proposed_by", "decided_by"),
        *work_of("privacy.purge", "asked_by"),
    ],
    retentions=RETENTIONS,
)
