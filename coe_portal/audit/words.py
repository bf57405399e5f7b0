"""What the codes of verbs mean, in the words of a reader."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Text, notification_kinds

VERBS: dict[str, Promise] = {
    "accepted": _("accepted an answer"),
    "add": pgettext_lazy("trail", "added"),
    "add activity": _("added an activity"),
    "add campaign": _("added a campaign"),
    "add comparator": _("added a peer"),
    "add publisher to": _("added a publisher"),
    "agree value": _("entered an agreed value"),
    "announcement.acknowledged": pgettext_lazy("trail", "acknowledged"),
    "announcement.asked_again": _("asked again to acknowledge"),
    "announcement.changed": pgettext_lazy("trail", "changed"),
    "announcement.comment_changed": _("changed a comment"),
    "announcement.comment_flagged": _("flagged a comment"),
    "announcement.comment_released": _("released a held comment"),
    "announcement.comment_removed": _("removed a comment"),
    "announcement.commented": _("commented"),
    "announcement.drafted": _("wrote a draft"),
    "announcement.flags_dismissed": _("dismissed the flags"),
    "announcement.published": pgettext_lazy("trail", "published"),
    "announcement.reminded": _("reminded"),
    "announcement.schedule_refused": _("could not publish as scheduled"),
    "announcement.scheduled": _("scheduled"),
    "announcement.sending_stopped": _("stopped the sending"),
    "announcement.unscheduled": _("took off the schedule"),
    "announcement.withdrawn": _("withdrew"),
    "approved": _("approved"),
    "ask executives": _("asked the executives"),
    "audience.added": pgettext_lazy("trail", "added"),
    "audience.changed": _("changed the rule"),
    "audience.deleted": _("deleted"),
    "audience.exported": _("exported the people"),
    "audiences.evaluated": _("worked the audiences out again"),
    "audiences.followed": _("asked to be told of changes to audiences"),
    "audiences.unfollowed": _("asked not to be told of changes to audiences"),
    "audit.exported": _("exported the audit trail"),
    "audit.read": _("read the audit trail"),
    "audit.verified": _("verified the audit trail"),
    "change activity": _("changed an activity"),
    "change campaign": _("changed a campaign"),
    "change comparator": _("changed a peer"),
    "changed": pgettext_lazy("trail", "changed"),
    "chat.added": _("added a chat room"),
    "chat.changed": _("changed a chat room"),
    "chat.removed": _("removed a chat room"),
    "chat.switched": _("switched a chat room on or off"),
    "chat.tried": _("sent a test message to a chat room"),
    "claimed": _("claimed"),
    "close goal": _("closed"),
    "collect": _("collected figures"),
    "correct outcomes": _("corrected a count of outcomes"),
    "count outcomes": _("entered a count of outcomes"),
    "created": pgettext_lazy("trail", "created"),
    "data.asked_for": _("asked for their own data"),
    "data.fetched": _("fetched their own data"),
    "decide assumption": _("decided an assumption"),
    "declined": _("declined"),
    "department.added": pgettext_lazy("trail", "added"),
    "department.changed": pgettext_lazy("trail", "changed"),
    "department.closed": _("closed"),
    "department.reminded": _("reminded the people"),
    "directory.brought_in": _("brought in"),
    "directory.columns_named": _("named the columns"),
    "directory.confirmed": _("confirmed"),
    "directory.discarded": _("discarded"),
    "directory.received": pgettext_lazy("trail", "handed in"),
    "directory.reopened": _("opened again to name the columns"),
    "discard": _("discarded"),
    "dismissed flags": _("dismissed the flags"),
    "edit": pgettext_lazy("trail", "changed"),
    "edited": pgettext_lazy("trail", "edited"),
    "email.asked_for": _("asked for another e-mail address"),
    "email.changed": _("confirmed another e-mail address"),
    "email.dropped": _("dropped an unconfirmed e-mail address"),
    "enter figure of": _("entered a figure"),
    "erasure.declined": _("declined the erasure"),
    "erasure.confirmed": _("confirmed the erasure"),
    "erasure.done": _("carried out the erasure"),
    "erasure.due": _("began the erasure, since the retention period is over"),
    "erasure.name_released": _("opened the sealed name"),
    "erasure.proposed": _("proposed the erasure"),
    "erasure.stopped": _("stopped the erasure, since a legal hold covers the person"),
    "factor.added": _("added a second step of signing in"),
    "factor.removed": _("removed a second step of signing in"),
    "factor.renewed": _("renewed a second step of signing in"),
    "factor.reset": _("reset the second step of signing in"),
    "flagged": pgettext_lazy("trail", "flagged"),
    "gave back": _("gave back"),
    "granted ask": _("granted what was asked"),
    "handed in": pgettext_lazy("trail", "handed in"),
    "hold.placed": _("placed a legal hold"),
    "hold.released": _("released a legal hold"),
    "identity.linked": _("linked a sign-in"),
    "identity.unlinked": _("unlinked a sign-in"),
    "import": _("imported"),
    "invitation.accepted": pgettext_lazy("trail", "accepted"),
    "invitation.made": pgettext_lazy("trail", "invited"),
    "invitation.sent_again": _("sent again"),
    "invitation.withdrawn": _("withdrew"),
    "job.all_run_again": _("ran all parked jobs again"),
    "job.run_again": _("ran again"),
    "locked": pgettext_lazy("trail", "locked"),
    "mail.all_sent_again": _("sent all refused mails again"),
    "mail.given_up": _("gave a mail up"),
    "mail.sent_again": _("sent a mail again"),
    "make active": _("brought back into use"),
    "make archived": _("archived"),
    "make dormant": _("put to rest"),
    "marked duplicate": _("marked as asked before"),
    "move target": _("moved a target"),
    "moved": _("moved"),
    "open round": pgettext_lazy("trail", "opened"),
    "password.changed": _("changed their password"),
    "password.reset": _("reset their password by a link"),
    "password.set": _("set their first password"),
    "person.added": pgettext_lazy("trail", "added"),
    "person.changed": pgettext_lazy("trail", "changed"),
    "person.deactivated": _("deactivated"),
    "person.erased": _("turned into a pseudonym"),
    "person.joined_department": _("put into a department"),
    "person.left_department": _("took out of a department"),
    "person.mail_times_chosen": _("chose when mail comes"),
    "person.merged": _("merged another account into this one"),
    "person.merged_into": _("merged this account into another one"),
    "person.moved": _("moved to another department"),
    "person.notifications_chosen": _("chose what to be told of"),
    "person.reactivated": _("reactivated"),
    "person.withdrawn": _("took out of the directory"),
    "pinned": pgettext_lazy("trail", "pinned"),
    "policies.acknowledge": pgettext_lazy("trail", "acknowledged"),
    "policies.approve": _("approved"),
    "policies.change_settings": _("changed the settings"),
    "policies.create": _("began"),
    "policies.discard": _("discarded"),
    "policies.publish": pgettext_lazy("trail", "published"),
    "policies.retire": pgettext_lazy("trail", "retired"),
    "policies.save_wording": _("saved the wording"),
    "policies.send_back": _("sent back"),
    "policies.set_rules": _("set the rules of the check"),
    "policies.start_version": _("began a version"),
    "policies.submit": _("submitted for review"),
    "provider.added": pgettext_lazy("trail", "added"),
    "provider.changed": pgettext_lazy("trail", "changed"),
    "provider.description_changed": _("took over what changed at the provider"),
    "provider.disabled": pgettext_lazy("trail", "switched off"),
    "provider.enabled": pgettext_lazy("trail", "switched on"),
    "provider.key_made": _("made a key pair"),
    "provider.key_removed": _("removed a key pair"),
    "provider.removed": pgettext_lazy("trail", "removed"),
    "provider.rule_added": _("added a rule"),
    "provider.rule_removed": _("removed a rule"),
    "provider.tested": pgettext_lazy("trail", "tested"),
    "rate standing": _("rated where we stand"),
    "recorded": pgettext_lazy("trail", "recorded"),
    "refused": _("kept hidden"),
    "refused ask": _("refused what was asked"),
    "released": _("released"),
    "reminders.thresholds_set": _("changed when others are told of what is late"),
    "remove publisher from": _("removed a publisher"),
    "removed": pgettext_lazy("trail", "removed"),
    "replied": _("replied"),
    "request": pgettext_lazy("trail", "requested"),
    "restored": _("restored"),
    "retention.changed": _("changed how long data stay"),
    "revoked": pgettext_lazy("trail", "revoked"),
    "role.delegated": _("handed a role on"),
    "role.delegation_ended": _("ended the handing on of a role"),
    "role.end_changed": _("changed the end of a role"),
    "role.ended": _("ended a role"),
    "role.granted": _("granted a role"),
    "seal month": _("sealed a month"),
    "search_term.reopened": _("reopened"),
    "search_term.settled": pgettext_lazy("trail", "settled"),
    "session.ended": _("ended a session"),
    "sessions.ended": _("ended the sessions"),
    "set goal": _("set a goal"),
    "set target": _("set a target"),
    "sign_in.break_glass": _("signed in the emergency way"),
    "sign_in.limits_changed": _("changed how long sessions last"),
    "sign_in.refused": _("was refused"),
    "sign_in.second_factor_changed": _("changed who needs a second step"),
    "sign_in.sso_only_off": _("opened sign-in by password"),
    "sign_in.sso_only_on": _("closed sign-in by password"),
    "start review of": _("began the review"),
    "started": pgettext_lazy("trail", "started"),
    "synonym.added": pgettext_lazy("trail", "added"),
    "synonym.changed": pgettext_lazy("trail", "changed"),
    "synonym.removed": pgettext_lazy("trail", "removed"),
    "text.purged": _("removed a text for privacy"),
    "token.made": pgettext_lazy("trail", "made"),
    "token.revoked": pgettext_lazy("trail", "revoked"),
    "training.allow_attempt": _("allowed another attempt"),
    "training.assign": pgettext_lazy("trail", "ordered"),
    "training.change_course": pgettext_lazy("trail", "changed"),
    "training.complete": pgettext_lazy("trail", "completed"),
    "training.create_course": _("began"),
    "training.create_programme": _("began"),
    "training.edit": pgettext_lazy("trail", "edited"),
    "training.edit_programme": pgettext_lazy("trail", "edited"),
    "training.enrol": pgettext_lazy("trail", "enrolled"),
    "training.enrol_audience": _("enrolled an audience"),
    "training.enrol_joiners": _("enrolled those who joined"),
    "training.publish": pgettext_lazy("trail", "published"),
    "training.remind": _("reminded"),
    "training.revoke": pgettext_lazy("trail", "revoked"),
    "training.start_attempt": pgettext_lazy("trail", "started"),
    "training.start_draft": _("began a version"),
    "training.submit": pgettext_lazy("trail", "submitted"),
    "training.withdraw": _("withdrew"),
    "unlocked": _("unlocked"),
    "unmarked duplicate": _("no longer marks as asked before"),
    "unpinned": _("unpinned"),
    "upheld flags": _("upheld the flags"),
    "upload": _("handed in a file"),
    "validate": _("validated"),
    "verified": _("verified"),
    "withdrew answer": _("withdrew the accepted answer"),
    "write event note": _("noted an event"),
}

# No longer written, but older trails hold them.
FORMER: frozenset[str] = frozenset()


def by_words() -> dict[str, list[str]]:
    """In the reader's language, the verbs that each of the words stands for."""
    found: dict[str, list[str]] = {}
    for verb, words in VERBS.items():
        found.setdefault(str(words), []).append(verb)
    return found


# What the keys of details mean. A number behind one of a thing is that of its row.
NAMES: dict[str, Promise] = {
    "added": pgettext_lazy("trail detail", "added"),
    "address": _("address"),
    "after": pgettext_lazy("trail detail", "after"),
    "announcement": _("announcement"),
    "answered": pgettext_lazy("trail detail", "answered"),
    "asked": pgettext_lazy("trail detail", "asked"),
    "audience": _("audience"),
    "audiences": _("audiences"),
    "because": _("because"),
    "before": pgettext_lazy("trail detail", "before"),
    "branch": _("branch"),
    "by": pgettext_lazy("trail detail", "by"),
    "bytes": _("bytes"),
    "certificate": _("certificate"),
    "change": pgettext_lazy("trail detail", "change"),
    "changed": pgettext_lazy("trail detail", "changed"),
    "channel": _("channel"),
    "columns": _("columns"),
    "course": _("course"),
    "day": _("day"),
    "department": _("department"),
    "departments": _("departments"),
    "digest_at": _("daily mail at"),
    "edition": _("edition"),
    "enabled": _("switched on"),
    "ends": pgettext_lazy("trail detail", "until"),
    "enrolled": _("enrolled"),
    "erasure": _("erasure"),
    "expires_at": _("expires"),
    "extra": _("besides"),
    "fields": _("fields"),
    "first": _("first entry"),
    "for": pgettext_lazy("trail detail", "for"),
    "format": _("file format"),
    "from": pgettext_lazy("trail detail", "from"),
    "grant": _("role given"),
    "host": _("server"),
    "import": _("file brought in"),
    "jobs": _("jobs"),
    "joined": _("joined"),
    "key": _("key"),
    "kind": _("kind"),
    "kinds": _("kinds"),
    "left": pgettext_lazy("trail detail", "left"),
    "mails": _("mails"),
    "metric": _("metric"),
    "moved": pgettext_lazy("trail detail", "moved"),
    "name": _("name"),
    "new_address": _("new address"),
    "new_secret": _("new secret"),
    "no_patient_information": _("said to be no patient information"),
    "number": _("number"),
    "object": _("object"),
    "on": pgettext_lazy("trail detail", "on"),
    "owner_left": _("owner has left"),
    "parent": _("department above"),
    "part": _("part"),
    "passed": _("passed"),
    "people": _("people"),
    "person": _("person"),
    "provider": _("identity provider"),
    "pseudonym": _("pseudonym"),
    "quiet_from": _("quiet from"),
    "quiet_until": _("quiet until"),
    "quiet_weekends": _("quiet weekends"),
    "reason": _("reason"),
    "removed": pgettext_lazy("trail detail", "removed"),
    "role": _("role"),
    "roles": _("roles"),
    "round": _("round"),
    "rule": _("rule"),
    "scopes": _("scopes"),
    "score": _("score"),
    "second": _("second account"),
    "service": _("service"),
    "starts": pgettext_lazy("trail detail", "from"),
    "stayed": _("stayed"),
    "to": pgettext_lazy("trail detail", "to"),
    "told": _("told"),
    "type": _("type"),
    "types": _("types"),
    "untested": _("not tested"),
    "value": _("value"),
    "version": _("version"),
    "why": _("why"),
    "words": _("words"),
    "worked": _("worked"),
}
# Codes that stand as values.
CODES: dict[str, Promise] = {
    "at_once": _("at once"),
    "daily": _("in the daily mail"),
    "off": _("not at all"),
    "portal": _("in the portal"),
}


def in_words(verb: str) -> str:
    """A verb that has no words here yet is shown as it is, without dots and underscores."""
    known = VERBS.get(verb)
    return str(known) if known else verb.rpartition(".")[2].replace("_", " ")


def name_in_words(key: str) -> str:
    """What people choose to be told of has the name of its kind. A key without words is shown as it is, without dots
    and underscores."""
    known: Text | None = NAMES.get(key)
    if known is None and key in (kinds := notification_kinds()):
        known = kinds[key].label
    return str(known) if known else re.sub(r"[._-]", " ", key)


def value_in_words(value: Any) -> str:
    """What stands in the details of an entry as JSON, as a reader would write it; nothing for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case str():
            known = CODES.get(value)
            return str(known) if known else _moment_in_words(value) or value
        case dict():
            return ", ".join(f"{name_in_words(name)}: {value_in_words(each)}" for name, each in value.items())
        case Sequence():
            return ", ".join(value_in_words(each) for each in value)
    return str(value)


def _moment_in_words(value: str) -> str:
    """Empty where it is neither a day nor a time."""
    try:
        if at := parse_datetime(value) if "T" in value else None:
            return date_format(localtime(at) if is_aware(at) else at, "DATETIME_FORMAT")
        if len(value) == len("2026-11-28") and (day := parse_date(value)):
            return date_format(day, "DATE_FORMAT")
        if len(value) == len("07:30:00") and (clock := parse_time(value)):
            return time_format(clock, "TIME_FORMAT")
    except ValueError:  # looks like one, but there is no such day
        pass
    return ""
