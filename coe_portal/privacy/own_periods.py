"""How long the apps below this one keep what they keep: people, audit, sessions, notifications, jobs, search.

The nightly removal works from this list and from those of the other apps alone: no app removes what is old by a job of
its own, so a changed period and a legal hold count for all of it.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.audit.actions.verifying import prune
from coe_portal.audit.models import Access, AuditEntry
from coe_portal.core.addresses import shortened
from coe_portal.people.actions import end_old_sessions
from coe_portal.personal import Retention, Rows
from coe_portal.privacy.actions.erasing import erase_leavers
from coe_portal.privacy.files import drop_files
from coe_portal.privacy.models import Erasure
from coe_portal.privacy.queries.holds import kept_from_erasure

HIPAA = "45 CFR 164.316(b)(2)"
SIX_YEARS = 2_192
# A job without a key, or with that of a slot of time, may happen again; another key keeps its job from that.
MAY_HAPPEN_AGAIN = Q(key__isnull=True) | Q(key__regex=r"@[0-9]+$")


def shorten_addresses(rows: Rows) -> int:
    """The last part of the address goes; the network stays, enough to tell one from another."""
    found = list(rows)
    for access in found:
        access.address, access.is_shortened = shortened(access.address), True
    return Access.objects.bulk_update(found, ["address", "is_shortened"], batch_size=1_000)


def count_old_entries(before: datetime) -> int:
    return AuditEntry.objects.filter(at__lt=before).count()


def prune_trail(before: datetime) -> int:
    """The database has the last word: nothing that is younger than six years."""
    return prune(before=min(before, timezone.now() - timedelta(days=SIX_YEARS)))


# Who is a pseudonym already, or about whom somebody decides.
ERASED = Erasure.objects.exclude(state=Erasure.State.DECLINED).values("person")

RETENTIONS = [
    Retention(
        key="people.leavers",
        label=_("Who has left"),
        what=_(
            "Becomes a pseudonym, as by an erasure: acknowledgements, completions and certificates stay as evidence,"
            " without a name"
        ),
        days=SIX_YEARS,
        least=SIX_YEARS,
        basis=HIPAA,
        model="people.user",
        moment="left_at",
        person="pk",
        only=Q(is_active=False, merged_into__isnull=True) & ~Q(pk__in=ERASED),
        remove=erase_leavers,
        kept=kept_from_erasure,
    ),
    Retention(
        key="privacy.sealed_names",
        label=_("Sealed names"),
        what=_("Whose pseudonym it is, counted from the day somebody left"),
        days=SIX_YEARS,
        basis=_("The key to the records goes when the time of the records is over"),
        model="privacy.sealedname",
        moment="counts_from",
        person="erasure__person",
    ),
    Retention(
        key="privacy.exports",
        label=_("Exports of own data"),
        what=_("The file; that somebody asked for it stays"),
        days=7,
        basis=_("A copy of everything about a person should not lie about"),
        model="privacy.dataexport",
        moment="asked_at",
        person="person",
        only=~Q(file=""),
        remove=drop_files,
    ),
    Retention(
        key="audit.trail",
        label=_("Audit trail"),
        what=_("Who did what to what"),
        days=SIX_YEARS,
        least=SIX_YEARS,
        basis=HIPAA,
        run=prune_trail,
        count=count_old_entries,
    ),
    Retention(
        key="audit.access",
        label=_("Sign-ins and refusals"),
        what=_("Who came in, from which network, and which pages were refused"),
        days=90,
        basis=_("Long enough to look into a break-in"),
        model="audit.access",
        moment="at",
        person="person",
    ),
    Retention(
        key="audit.addresses",
        label=_("Whole network addresses"),
        what=_("The last part of the address is removed, the rest stays until the entry goes"),
        days=30,
        basis=_("Needed only while an attack is looked into"),
        model="audit.access",
        moment="at",
        person="person",
        only=Q(is_shortened=False),
        remove=shorten_addresses,
    ),
    Retention(
        key="people.sessions",
        label=_("Devices somebody was signed in on"),
        what=_("Which browser, from where, when it was last seen"),
        days=14,
        basis=_("A session ends after a week at the latest"),
        model="usersessions.usersession",
        moment="last_seen_at",
        person="user",
        remove=end_old_sessions,
    ),
    Retention(
        key="people.ended_sessions",
        label=_("Sessions that are over"),
        what=_("What the portal knew of a browser until its session ended"),
        days=1,
        basis=_("Of no use to anybody once it is over"),
        model="sessions.session",
        moment="expire_date",
    ),
    Retention(
        key="notifications.notifications",
        label=_("Notifications"),
        what=_("What somebody was told"),
        days=395,
        basis=_("Thirteen months; what they lead to stays"),
        model="notifications.notification",
        moment="created_at",
        person="person",
    ),
    Retention(
        key="notifications.mails",
        label=_("Mails"),
        what=_("That a mail was sent to an address, or was not needed any more; never what it said"),
        days=30,
        least=2,
        basis=_("Long enough to answer whether somebody was written to"),
        model="notifications.outgoingmail",
        moment="created_at",
        person="person",
        only=Q(state__in=["accepted", "dropped"]),
    ),
    Retention(
        key="notifications.refused_mails",
        label=_("Mails that could not be sent"),
        what=_("The mail, and what the mail server answered"),
        days=90,
        least=2,
        basis=_("Long enough for an administrator to send them again"),
        model="notifications.outgoingmail",
        moment="created_at",
        person="person",
        only=Q(state="parked"),
    ),
    Retention(
        key="outbox.jobs",
        label=_("Finished jobs"),
        what=_("That a job ran, and what it was given"),
        days=7,
        least=2,
        # By the clock alone some 6,200 a day, and one for each channel that is read: 90 days were a million rows.
        basis=_("Long enough to find out why something was not done"),
        model="outbox.queuedjob",
        moment="finished_at",
        only=Q(state="done") & MAY_HAPPEN_AGAIN,
    ),
    Retention(
        key="outbox.keys",
        label=_("Finished jobs that must not happen twice"),
        what=_("That an announcement was sent, a text purged or a policy told, so that it is not done again"),
        days=400,
        least=90,
        basis=_("For as long as anybody may ask for it once more"),
        model="outbox.queuedjob",
        moment="finished_at",
        only=Q(state="done") & ~MAY_HAPPEN_AGAIN,
    ),
    Retention(
        key="search.misses",
        label=_("Searches that found nothing"),
        what=_("What several people looked for in a week; never who"),
        days=364,
        basis=_("A year shows what comes back with the seasons"),
        model="search.missedterm",
        moment="week",
    ),
    Retention(
        key="identity.invitations",
        label=_("Invitations that nobody used"),
        what=_("Name, address and department of somebody who never came in"),
        days=90,
        basis=_("Long enough to invite them once more"),
        model="identity.invitation",
        moment="expires_at",
        person="invited_by",
        only=Q(accepted_at__isnull=True),
    ),
    Retention(
        key="identity.tests",
        label=_("Tests of identity providers"),
        what=_("What a provider says of the administrator who tried it"),
        days=90,
        basis=_("Long enough to write the rules from it"),
        model="identity.providertest",
        moment="at",
        person="by",
    ),
    Retention(
        key="identity.assertions",
        label=_("Sign-ins by SAML that were used"),
        what=_("A digest of each, so that it is good once; nobody's name"),
        days=1,
        basis=_("By then it could not be used any more"),
        model="identity.seenassertion",
        moment="expires_at",
    ),
    Retention(
        key="privacy.runs",
        label=_("Runs of this removal"),
        what=_("How much was removed on which night"),
        days=SIX_YEARS,
        basis=HIPAA,
        model="privacy.retentionrun",
        moment="at",
    ),
]
