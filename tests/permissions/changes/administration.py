"""People, sign-in, directory, audiences, tokens, announcements, search, privacy and the rest that is administered."""

from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from coe_portal.directory import actions as directory
from coe_portal.directory.models import DirectoryImport
from coe_portal.identity.models import IdentityProvider, KeyPair, MappingRule
from coe_portal.people.access import Role, today
from coe_portal.people.models import Audience, Membership, RoleGrant
from coe_portal.privacy.models import Erasure
from coe_portal.search.actions import settle
from coe_portal.search.models import SettledTerm
from tests.coe_portal.identity.saml_idp import metadata
from tests.factories.directory import person_line, table
from tests.factories.people import AudienceFactory
from tests.permissions.changes.kinds import ME, NEW, Change, Entry, Page, as_shown, one, send
from tests.permissions.samples import (
    Arguments,
    branch,
    colleague,
    comment,
    missed,
    person,
    provider,
)

USER = "people.user"
PROVIDER = "identity.identityprovider"
ANNOUNCEMENT = "announcements.announcement"
COMMENT = "announcements.comment"
ROOM = "notifications.chatdestination"
WEBHOOK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/abcdefghijklmnopqrstuvwx"


def in_days(number: int) -> str:
    return (today() + timedelta(days=number)).isoformat()


def unused_provider() -> Arguments:
    made = provider()
    IdentityProvider.objects.filter(pk=made.pk).update(enabled=False)
    return {"provider_id": made.pk}


def person_of_grant(arguments: Arguments) -> int:
    return int(RoleGrant.objects.get(pk=arguments["grant_id"]).person_id)


def erased_person(arguments: Arguments) -> int:
    return int(Erasure.objects.get(pk=arguments["erasure_id"]).person_id)


def file_with_columns() -> Arguments:
    source = directory.receive(
        by=person("admin"), name="people.csv", content=table(person_line(1)), kind="people", is_whole=False
    )
    return {"import_id": source.pk}


def columns_as_guessed(page: Page) -> dict[str, str]:
    source = DirectoryImport.objects.get(pk=page.arguments["import_id"])
    chosen = {f"column_{key}": str(number) for key, number in source.columns.items()}
    return chosen | {"dates": "iso", "is_whole": "no"}


def rule_of_nurses(**more: str) -> dict[str, object]:
    return {"name": "Nurses of mine", "n-op": "all", "n-0-about": "kind", "n-0-values": ["nurse"], **more}


def looked_at_first(page: Page) -> dict[str, object]:
    """A changed rule is saved once its effect was on the page."""
    audience = Audience.objects.get(pk=page.arguments["audience_id"])
    sent = rule_of_nurses(edition=str(audience.edition))
    shown = page.client.post(page.url, {**sent, "do": "review"}).context
    return {**sent, "do": "save", "reviewed": shown["reviewed"]}


def my_audience() -> Arguments:
    return {"audience_id": AudienceFactory(name="Mine", made_by=person("admin")).pk}


def two_accounts(page: Page) -> dict[str, str]:
    return {"first": person("employee").email, "second": colleague().email, "stays": "first"}


def settled(page: Page) -> dict[str, object]:
    settle(by=person("strategist"), term=str(missed()["term"]), at=timezone.now())
    return missed()


CHANGES: dict[str, Change] = {
    # -- people, departments, roles
    "people:add": Change(
        "admin",
        [Entry("person.added", USER, NEW), Entry("person.joined_department", USER, NEW)],
        lambda page: {"name": "New", "email": "new@x.example", "kind": "office", "department": branch().pk},
        because="Two facts: somebody is here, and belongs to a department. Each can be undone alone.",
    ),
    "people:add_department": one(
        "admin", "department.added", "people.department", NEW, fields=send(name="Ward 7", code="W7")
    ),
    "people:deactivate": one("admin", "person.deactivated", USER),
    "people:reactivate": one("admin", "person.reactivated", USER),
    "people:grant_role": one(
        "admin", "role.granted", USER, fields=lambda page: {"role": "executive", "starts": in_days(0)}
    ),
    "people:edit_role": one(
        "admin", "role.end_changed", USER, person_of_grant, fields=lambda page: {"ends": in_days(30)}
    ),
    "people:end_role": one("admin", "role.ended", USER, person_of_grant),
    "people:join_department": one(
        "admin", "person.joined_department", USER, fields=lambda page: {"department": branch().pk, "starts": in_days(0)}
    ),
    "people:leave_department": one(
        "admin", "person.left_department", USER,
        lambda given: Membership.objects.get(pk=given["membership_id"]).person_id,
    ),
    "home:delegations": one(
        "strategist", "role.delegated", USER, lambda given: person("employee").pk,
        fields=lambda page: {
            "grant": RoleGrant.objects.get(person=person("strategist"), role=Role.STRATEGIST).pk,
            "to": person("employee").email, "starts": in_days(0), "ends": in_days(7),
        },
    ),
    "home:end_delegation": one("employee", "role.delegation_ended", USER, ME),
    # -- the directory
    "directory:index": one(
        "admin", "directory.received", "directory.directoryimport", NEW,
        fields=lambda page: {"kind": "people", "file": SimpleUploadedFile("p.csv", table(person_line(1)))},
    ),
    "directory:columns": one(
        "admin", "directory.columns_named", "directory.directoryimport", arguments=file_with_columns,
        fields=columns_as_guessed,
    ),
    "directory:confirm": one("admin", "directory.confirmed", "directory.directoryimport"),
    "directory:leavers": one("admin", "directory.confirmed", "directory.directoryimport", fields=send(number="0")),
    "directory:discard": one("admin", "directory.discarded", "directory.directoryimport"),
    "directory:reopen": one("admin", "directory.reopened", "directory.directoryimport"),
    "directory:merge": Change(
        "admin",
        [
            Entry("person.deactivated", USER, lambda given: colleague().pk),
            Entry("person.merged", USER, lambda given: person("employee").pk),
            Entry("person.merged_into", USER, lambda given: colleague().pk),
        ],
        two_accounts,
        because="Two accounts are changed, each with an entry of its own, and one of them is closed besides.",
    ),
    # -- sign-in
    "identity:invite": one(
        "admin", "invitation.made", "identity.invitation", NEW,
        fields=lambda page: {"name": "A", "email": "a@x.example", "kind": "office", "department": branch().pk},
    ),
    "identity:send_again": one("admin", "invitation.sent_again", "identity.invitation"),
    "identity:withdraw": one("admin", "invitation.withdrawn", "identity.invitation"),
    "identity:invitation": Change(
        "nobody",
        [
            Entry("person.added", USER, NEW, by="admin"),
            Entry("person.joined_department", USER, NEW, by="admin"),
            Entry("invitation.accepted", "identity.invitation", NEW, by="newcomer"),
        ],
        send(password="a sentence nobody guesses 9"),
        because="Somebody new is here and belongs to a department: two facts beside the invitation's own.",
    ),
    "identity:add_provider": one(
        "admin", "provider.added", PROVIDER, NEW,
        fields=lambda page: {"name": "Hospital", "key": "hospital", "metadata_text": metadata()},
    ),
    "identity:change_provider": one(
        "admin", "provider.changed", PROVIDER, fields=as_shown(name="Another name"),
        arguments=lambda: {"provider_id": provider(IdentityProvider.Kind.SAML).pk},
    ),
    "identity:enable_provider": one("admin", "provider.enabled", PROVIDER, fields=send(untested="1")),
    "identity:disable_provider": one("admin", "provider.disabled", PROVIDER),
    "identity:remove_provider": one("admin", "provider.removed", PROVIDER, arguments=unused_provider),
    "identity:add_rule": one(
        "admin", "provider.rule_added", PROVIDER, fields=send(attribute="groups", value="x", role="executive")
    ),
    "identity:remove_rule": one(
        "admin", "provider.rule_removed", PROVIDER,
        lambda given: MappingRule.objects.get(pk=given["rule_id"]).provider_id,
    ),
    "identity:make_key_pair": one("admin", "provider.key_made", PROVIDER),
    "identity:remove_key_pair": one(
        "admin", "provider.key_removed", PROVIDER,
        lambda given: KeyPair.objects.get(pk=given["pair_id"]).provider_id,
    ),
    "identity:second_step": one(
        "admin", "sign_in.second_factor_changed", "identity.signinpolicy", NEW, fields=as_shown()
    ),
    "identity:limits": one("admin", "sign_in.limits_changed", "identity.signinpolicy", NEW, fields=as_shown()),
    "identity:ways_in": one("admin", "sign_in.sso_only_off", "identity.signinpolicy", NEW),
    "identity:end_session": one(
        "admin", "session.ended", USER, lambda given: UserSession.objects.get(pk=given["session_id"]).user_id
    ),
    "identity:end_sessions": one("admin", "sessions.ended", USER),
    "identity:reset_factors": one("admin", "factor.reset", USER, fields=send(reason="Badge seen at the desk.")),
    "identity:remove_link": one(
        "admin", "identity.unlinked", USER, lambda given: SocialAccount.objects.get(pk=given["account_id"]).user_id
    ),
    # -- tokens, the trail itself, jobs, mail, chat rooms, reminders
    "tokens:add": one(
        "admin", "token.made", "tokens.accesstoken", NEW,
        fields=send(name="Entra ID", scopes=["scim"], lasting="365"), status=200,
    ),
    "tokens:revoke": one("admin", "token.revoked", "tokens.accesstoken"),
    "audit:verify": one("privacy", "audit.verified", USER, ME),
    "home:run_again": one("admin", "job.run_again", "outbox.queuedjob"),
    "home:run_all_again": one("admin", "job.all_run_again", USER, ME),
    "home:all_mail_again": one("admin", "mail.all_sent_again", USER, ME),
    "home:mail_again": one("admin", "mail.sent_again", "notifications.outgoingmail"),
    "home:mail_give_up": one("admin", "mail.given_up", "notifications.outgoingmail"),
    "home:chat_rooms": one("admin", "chat.added", ROOM, NEW, fields=send(name="Leads", url=WEBHOOK)),
    "home:chat_room": one("admin", "chat.changed", ROOM, fields=as_shown(name="Others")),
    "home:try_chat_room": one("admin", "chat.tried", ROOM),
    "home:switch_chat_room": one("admin", "chat.switched", ROOM),
    "home:remove_chat_room": one("admin", "chat.removed", ROOM),
    "home:remind": one("coordinator", "department.reminded", "people.department"),
    "reminders:settings": one(
        "admin", "reminders.thresholds_set", "reminders.thresholds", NEW, fields=as_shown(manager_after_days="21")
    ),
    "home:mail_times": one(
        "employee", "person.mail_times_chosen", USER, ME,
        fields=send(digest_at="08:00", quiet_from="20:00", quiet_until="07:00"),
    ),
    "home:notifications": one(
        "employee", "person.notifications_chosen", USER, ME, fields=send(announcement="portal")
    ),
    "notifications:unsubscribe": one("employee", "person.notifications_chosen", USER, ME, status=200),
    # -- audiences
    "audiences:add": one(
        "admin", "audience.added", "people.audience", NEW, fields=lambda page: rule_of_nurses(do="save")
    ),
    "audiences:edit": one(
        "admin", "audience.changed", "people.audience", arguments=my_audience, fields=looked_at_first
    ),
    "audiences:delete": one("admin", "audience.deleted", "people.audience", arguments=my_audience),
    "audiences:follow": one("strategist", "audiences.followed", USER, ME, fields=send(wants="yes")),
    # -- search
    "search:new_synonym": one(
        "strategist", "synonym.added", "search.synonym", NEW, fields=send(words="quokka, marsupial")
    ),
    "search:edit_synonym": one("strategist", "synonym.changed", "search.synonym", fields=as_shown(also="quokka")),
    "search:remove_synonym": one("strategist", "synonym.removed", "search.synonym"),
    "search:settle": one("strategist", "search_term.settled", "search.settledterm", NEW),
    "search:reopen": one(
        "strategist", "search_term.reopened", "search.settledterm", lambda given: SettledTerm.objects.latest("pk").pk,
        fields=settled,
    ),
    # -- privacy
    "privacy:ask_for_my_data": one("employee", "data.asked_for", "privacy.dataexport", NEW),
    "privacy:ask_purge": one("privacy", "text.purged", "privacy.purge", NEW, fields=send(reason="phi", words="")),
    "privacy:change_period": one(
        "privacy", "retention.changed", "privacy.retentionperiod", NEW, fields=send(days="90", seen="90")
    ),
    "privacy:propose": one(
        "admin", "erasure.proposed", USER, lambda given: colleague().pk,
        fields=lambda page: {"person": colleague().email, "reason": "Asked for it."},
    ),
    "privacy:confirm": one("privacy", "erasure.confirmed", USER, erased_person),
    "privacy:decline": one("privacy", "erasure.declined", USER, erased_person, fields=send(answer="A matter is open.")),
    "privacy:holds": one(
        "privacy", "hold.placed", "privacy.legalhold", NEW, fields=send(kind="feedback.drafts", reason="A matter")
    ),
    "privacy:release_hold": one("privacy", "hold.released", "privacy.legalhold"),
    "privacy:release_name": one(
        "privacy", "erasure.name_released", "privacy.erasure", fields=send(reason="A court asks."), status=200
    ),
    # -- announcements
    "announcements:new": one(
        "strategist", "announcement.drafted", ANNOUNCEMENT, NEW,
        fields=lambda page: page.as_shown(title="New", text="Words.", audience=Audience.objects.everyone().pk),
    ),
    "announcements:edit": one("strategist", "announcement.changed", ANNOUNCEMENT, fields=as_shown(title="Newer")),
    "announcements:publish": one("strategist", "announcement.published", ANNOUNCEMENT, fields=send(now="1")),
    "announcements:unschedule": one("strategist", "announcement.unscheduled", ANNOUNCEMENT),
    "announcements:withdraw": one("strategist", "announcement.withdrawn", ANNOUNCEMENT),
    "announcements:remind": one("strategist", "announcement.reminded", ANNOUNCEMENT),
    "announcements:acknowledge": one("employee", "announcement.acknowledged", ANNOUNCEMENT),
    "announcements:comments": one(
        "employee", "announcement.commented", COMMENT, NEW, fields=send(text="Good to know.")
    ),
    "announcements:edit_comment": one(
        "employee", "announcement.comment_changed", COMMENT, fields=send(text="Said otherwise.")
    ),
    "announcements:flag_comment": one("employee", "announcement.comment_flagged", COMMENT, fields=send(reason="Rude.")),
    "announcements:release_comment": one(
        "strategist", "announcement.comment_released", COMMENT,
        arguments=lambda: {"comment_id": comment(colleague, is_held=True)().pk},
    ),
    "announcements:remove_comment": one(
        "strategist", "announcement.comment_removed", COMMENT, fields=send(reason="Told twice.")
    ),
}  # fmt: skip
