"""An object for every argument of an address, of the demo organisation and in reach of whoever may see such a thing.

`SAMPLES` is asked for the name of the route, then for its namespace and arguments ("feedback:topic_id"). What is
one person's belongs to the demo's employee, what belongs to a branch to the one the demo's coordinator looks after;
`OF_OTHERS` has the same of somebody and somewhere else.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet
from django.utils import timezone

from coe_portal.announcements.models import Announcement, Comment
from coe_portal.announcements.models import State as Announced
from coe_portal.channels.models import Channel, Publisher
from coe_portal.core import crypto
from coe_portal.directory.models import DirectoryImport
from coe_portal.identity.actions import key_pairs
from coe_portal.identity.actions.invitations import invite
from coe_portal.identity.actions.providers import save_provider
from coe_portal.identity.models import IdentityProvider, Invitation, KeyPair, MappingRule
from coe_portal.identity.tokens import digest_of
from coe_portal.notifications import unsubscribing
from coe_portal.notifications.models import ChatDestination, OutgoingMail
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role, today
from coe_portal.people.demo import DOMAIN, SIGN_INS
from coe_portal.people.models import Audience, AudienceRun, Department, Membership, RoleGrant, User
from coe_portal.people.queries import branch_ids
from coe_portal.privacy.models import DataExport, Erasure, LegalHold, Purge, SealedName
from coe_portal.search.models import MissedTerm, Synonym
from coe_portal.tokens.actions import make_token
from feedback.models import Authorisation, Category, Hold, Post, Story, Topic
from metrics.collection.models import DailyRollup
from metrics.collectors import COLLECTORS
from metrics.executive.models import Ask
from metrics.imports.models import Upload
from metrics.returns.models import Activity, Campaign, Goal
from metrics.standing.models import Comparator, Round
from policies.actions import deciding, drafting
from policies.models import Acknowledgement, Clause, Version
from training.actions import publish
from training.models import Attempt, Certificate, Course, CourseVersion, Enrolment, Lesson, Module, Programme, Step

Arguments = dict[str, Any]
Sample = Callable[[], Arguments]


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@{DOMAIN}")


def one(found: QuerySet[Any]) -> Any:
    """The oldest; none is a mistake in the demo or here."""
    first = found.order_by("pk").first()
    assert first, f"the demo has no {found.model.__name__} like {found.query}"
    return first


def any_of(model: type[Model], **chosen: Any) -> Any:
    return one(model._default_manager.filter(**chosen))


def of(name: str, found: Callable[[], Any]) -> Sample:
    return lambda: {name: found().pk}


def parked_mail() -> OutgoingMail:
    return any_of(OutgoingMail, state=OutgoingMail.State.PARKED)


def branch() -> Department:
    grant = RoleGrant.objects.get(person=person("coordinator"), role=Role.COORDINATOR)
    assert grant.branch
    return grant.branch


def elsewhere() -> QuerySet[Department]:
    return Department.objects.exclude(pk__in=branch_ids([branch().pk]))


def colleague() -> User:
    """Somebody outside the coordinator's branch who is nobody else in these tests."""
    return one(
        User.objects.active()
        .exclude(email__in=[f"{key}@{DOMAIN}" for key in SIGN_INS])
        .filter(memberships__department__in=elsewhere(), role_grants=None)
    )


def left() -> User:
    found = colleague()
    User.objects.filter(pk=found.pk).update(is_active=False)
    return found


def handed_on(to: User) -> RoleGrant:
    """By somebody who is none of the roles, for a week."""
    grant = one(RoleGrant.objects.filter(role=Role.COORDINATOR).exclude(person=person("coordinator")))
    return RoleGrant.objects.create(
        person=to,
        role=grant.role,
        branch=grant.branch,
        starts=today(),
        ends=today() + timedelta(days=7),
        delegated_from=grant,
    )


# -- announcements
def announcement(state: str) -> Callable[[], Announcement]:
    def make() -> Announcement:
        now = timezone.now()
        return Announcement.objects.create(
            title="A sample", text="A sample.", html="<p>A sample.</p>", lead="A sample.", state=state, must_read=True,
            comments_on=True,
            audience=Audience.objects.everyone(), author=person("strategist"), publish_at=now,
            published_at=now if state in {Announced.PUBLISHED, Announced.WITHDRAWN} else None,
        )  # fmt: skip

    return make


def comment(by: Callable[[], User], **fields: Any) -> Callable[[], Comment]:
    def make() -> Comment:
        below = announcement(Announced.PUBLISHED)()
        return Comment.objects.create(
            announcement=below, author=by(), text="Said.", html="<p>Said.</p>", created_at=timezone.now(), **fields
        )

    return make


# -- channels
def channel(**chosen: Any) -> Channel:
    return any_of(Channel, **{"state": Channel.State.ACTIVE, "relation": Channel.Relation.OWN, **chosen})


def channel_of_branch() -> Channel:
    """Of the coordinator's branch; the employee publishes with it and is its contact."""
    found = channel(department__in=branch_ids([branch().pk]))
    Channel.objects.filter(pk=found.pk).update(second_contact=person("employee"))
    Publisher.objects.get_or_create(channel=found, person=person("employee"), defaults={"starts": timezone.localdate()})
    return found


def channel_elsewhere() -> Channel:
    return channel(department__in=elsewhere())


def publisher() -> Publisher:
    return any_of(Publisher, ends=None, channel__state=Channel.State.ACTIVE)


# -- policies
def in_work() -> Version:
    return drafting.start_version(by=person("strategist"), policy=social_media().policy, at=timezone.now())


def in_review() -> Version:
    version = in_work()
    Version.objects.filter(pk=version.pk).update(change_note="Clearer words.")
    drafting.submit(by=person("strategist"), version=version, at=timezone.now())
    return Version.objects.get(pk=version.pk)


def approved() -> Version:
    version = in_review()
    return deciding.approve(
        by=person("approver"), version=version, edition=version.edition, change=version.change, comment="",
        at=timezone.now(),
    )  # fmt: skip


def slug_of(made: Callable[[], Version]) -> Sample:
    return lambda: {"slug": made().policy.slug}


def social_media() -> Version:
    return Version.objects.published().get(policy__slug="social-media")


def acknowledgement(by: User) -> Acknowledgement:
    return any_of(Acknowledgement, person=by)


# -- training
def enrolment(of_person: User) -> Enrolment:
    return any_of(Enrolment, person=of_person)


def attempt(of_person: User, *, submitted: bool = False) -> Attempt:
    enrolled = one(Enrolment.objects.filter(person=of_person, course__current__questions__isnull=False).distinct())
    current = enrolled.course.current
    assert current
    now = timezone.now()
    Attempt.objects.filter(enrolment=enrolled, submitted_at=None).delete()
    return Attempt.objects.create(
        enrolment=enrolled, version=current, number=90, started_at=now,
        question_ids=list(current.questions.values_list("pk", flat=True)),
        **({"submitted_at": now, "score": 90, "passed": True} if submitted else {}),
    )  # fmt: skip


def certificate(of_person: User) -> Certificate:
    return any_of(Certificate, revoked_at=None, completion__person=of_person)


def someone_certified() -> User:
    others = User.objects.exclude(email__in=[f"{key}@{DOMAIN}" for key in SIGN_INS])
    return one(others.filter(completions__certificate__revoked_at=None, completions__certificate__isnull=False))


def course() -> Arguments:
    return {"course_slug": "answering-reviews"}


def draft() -> CourseVersion:
    found = one(Course.objects.filter(current__questions__steps__isnull=False).distinct())
    return publish.start_draft(by=person("strategist"), course=found)


def part_of_draft(model: type[Model], name: str, **more: Any) -> Sample:
    def find() -> Arguments:
        version = draft()
        return {"course_slug": version.course.slug, name: any_of(model, version=version).pk, **more}

    return find


def scenario() -> Step:
    return any_of(Step, question__version=draft())


def question_of_scenario() -> Arguments:
    found = scenario().question
    return {"course_slug": found.version.course.slug, "question_id": found.pk}


def step() -> Arguments:
    found = scenario()
    return {"course_slug": found.question.version.course.slug, "question_id": found.question_id, "step_id": found.pk}


# -- feedback
def topic(**chosen: Any) -> Topic:
    return any_of(Topic, category__audience__is_everyone=True, **chosen)


def question_of_others(**chosen: Any) -> Topic:
    own = Topic.objects.exclude(author=person("employee"))
    return one(own.filter(category__audience__is_everyone=True, kind=Topic.Kind.QUESTION, **chosen))


def reply(by: User) -> Post:
    found = Post.objects.filter(
        topic__category__audience__is_everyone=True, is_held=False, removed_at=None, author=by, number__gt=1
    ).first()
    return found or write(topic(kind=Topic.Kind.QUESTION), by)


def write(under: Topic, by: User) -> Post:
    number = under.last_number + 1
    Topic.objects.filter(pk=under.pk).update(last_number=number)
    return Post.objects.create(
        topic=under,
        number=number,
        author=by,
        key=uuid4(),
        created_at=timezone.now(),
        source="Said.",
        html="<p>Said.</p>",
    )


def removed() -> Post:
    post = reply(colleague())
    Post.objects.filter(pk=post.pk).update(
        removed_at=timezone.now(), removed_by=person("strategist"), removal_reason="Told twice."
    )
    return post


def story(by: User) -> Story:
    return Story.objects.filter(submitter=by, is_held=False).first() or Story.objects.create(
        title="A sample", source="Said.", html="<p>Said.</p>", department=one(Department.objects.all()), contact="Me",
        submitter=by, key=uuid4(), created_at=timezone.now(), moved_at=timezone.now(),
    )  # fmt: skip


# -- metrics
def upload(into: Channel) -> Upload:
    return Upload.objects.create(
        name="sample.csv", content=b"", size=0, sha256="0" * 64, exported_on=timezone.localdate(),
        state=Upload.State.CHECKED, channel=into, by=person("strategist"),
    )  # fmt: skip


def collected() -> Channel:
    return one(Channel.objects.own().filter(state=Channel.State.ACTIVE, network__in=COLLECTORS))


def open_round() -> Round:
    today = timezone.localdate()
    return Round.objects.create(name="A sample", opens=today, closes=today)


def day_of_figures() -> Arguments:
    found = DailyRollup.objects.filter(channel=channel_of_branch()).order_by("-day").first()
    assert found
    return {"channel_id": found.channel_id, "day": found.day.isoformat()}


# -- search
def missed() -> dict[str, Any]:
    week = timezone.localdate()
    MissedTerm.objects.get_or_create(term="tik tok", week=week, defaults={"times": 5, "people": 4})
    return {"term": "tik tok"}


# -- identity
def provider(kind: str = IdentityProvider.Kind.OIDC) -> IdentityProvider:
    made = IdentityProvider(
        kind=kind, name="A sample", key="sample", issuer="https://id.example", entity_id="https://id.example/saml",
        client_id="portal", enabled=True,
    )  # fmt: skip
    return save_provider(by=person("admin"), provider=made, secret="a-secret")


def saml_provider() -> IdentityProvider:
    return provider(IdentityProvider.Kind.SAML)


def key_pair() -> KeyPair:
    return key_pairs.make(by=person("admin"), provider=saml_provider(), at=timezone.now())


def rule() -> MappingRule:
    return MappingRule.objects.create(provider=provider(), attribute="groups", value="x", role=Role.EXECUTIVE)


def invitation() -> Invitation:
    """Without a role, so that a strategist may see to it."""
    return invite(by=person("admin"), email="sample@elsewhere.example", name="A sample", department=branch())


def invitation_link() -> Arguments:
    now = timezone.now()
    Invitation.objects.filter(pk=invitation().pk).update(digest=digest_of("x"), expires_at=now + timedelta(days=1))
    return {"token": "x"}


def session_of_employee() -> UserSession:
    return UserSession.objects.create(
        user=person("employee"), ip="127.0.0.1", session_key=str(uuid4()), user_agent="x"
    )  # fmt: skip


def linked_employee() -> Arguments:
    SocialAccount.objects.create(user=person("employee"), provider=provider().key, uid="x", extra_data={"sub": "x"})
    return {}


def linked_account() -> SocialAccount:
    return SocialAccount.objects.create(user=colleague(), provider="sample", uid="x", extra_data={"sub": "x"})


# -- outbox
def parked_job() -> QueuedJob:
    return QueuedJob.objects.create(name="search.rebuild_words", state=QueuedJob.State.PARKED, due_at=timezone.now())


def second_factor() -> Arguments:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        data = {"secret": crypto.encrypt("A" * 32), "seed": crypto.encrypt("a" * 40), "used_mask": 0}
        Authenticator.objects.create(user=person("employee"), type=kind, data=data)
    return {}


def directory_file() -> DirectoryImport:
    return DirectoryImport.objects.create(
        state="checked", name="people.csv", content=b"a,b", size=3, header=["a", "b"], by=person("admin")
    )


def erased() -> Erasure:
    """One whose sealed name is there to be opened."""
    found = Erasure.objects.create(
        person=colleague(), reason="x", proposed_by=person("admin"), proposed_at=timezone.now(), state="done",
        decided_by=person("privacy"), decided_at=timezone.now(), pseudonym="Former employee 0000",
        done_at=timezone.now(),
    )  # fmt: skip
    SealedName.objects.create(erasure=found, sealed=crypto.encrypt('{"name": "x"}'), counts_from=timezone.localdate())
    return found


def a_team(of_person: User | None) -> Arguments:
    """One person reports to them, and nobody to anybody else."""
    User.objects.exclude(manager=None).update(manager=None)
    User.objects.filter(pk=colleague().pk).update(manager=of_person)
    return {}


SAMPLES: dict[str, Sample] = {
    "home:team": lambda: a_team(person("employee")),
    "mfa_deactivate_totp": second_factor,
    "mfa_download_recovery_codes": second_factor,
    "mfa_view_recovery_codes": second_factor,
    "account_confirm_email": lambda: {"key": "x"},
    "account_reset_password_from_key": lambda: {"uidb36": "1", "key": "x"},
    ":pk": lambda: {"pk": 0},
    "privacy:key": lambda: {"key": "feedback.drafts"},
    "privacy:kind,object_id": lambda: {"kind": "post", "object_id": one(Post.objects.all()).pk},
    "privacy:hold_id": of("hold_id", lambda: one(LegalHold.objects.all())),
    "privacy:purge_id": of("purge_id", lambda: one(Purge.objects.all())),
    "privacy:erasure_id": of("erasure_id", lambda: one(Erasure.objects.all())),
    "privacy:release_name": of("erasure_id", erased),
    "privacy:export_id": of(
        "export_id",
        lambda: DataExport.objects.create(person=person("employee"), asked_at=timezone.now(), state="ready"),
    ),
    "announcements:announcement_id": of("announcement_id", announcement(Announced.PUBLISHED)),
    "announcements:announcement_id,form": lambda: {
        "announcement_id": announcement(Announced.PUBLISHED)().pk,
        "form": "csv",
    },
    "announcements:language": lambda: {"language": "en"},
    "announcements:announcement_id,language": lambda: {
        "announcement_id": announcement(Announced.PUBLISHED)().pk,
        "language": "en",
    },
    "announcements:comment_id": of("comment_id", comment(lambda: person("employee"))),
    "announcements:flag_comment": of("comment_id", comment(colleague)),
    "announcements:publish": of("announcement_id", announcement(Announced.DRAFT)),
    "announcements:unschedule": of("announcement_id", announcement(Announced.SCHEDULED)),
    "channels:channel_id": of("channel_id", channel_of_branch),
    "channels:review": of("channel_id", lambda: channel(state=Channel.State.REQUESTED)),
    "channels:decide": of("channel_id", lambda: channel(state=Channel.State.REQUESTED)),
    "channels:end_publisher": lambda: {"channel_id": publisher().channel_id, "publisher_id": publisher().pk},
    "channels:kind": lambda: {"kind": "csv"},
    "feedback:post_id": of("post_id", lambda: reply(person("employee"))),
    "feedback:accept": of(
        "post_id", lambda: write(topic(kind=Topic.Kind.QUESTION, author=person("employee")), colleague())
    ),
    "feedback:flag": of("post_id", lambda: reply(colleague())),
    "feedback:helpful": of("post_id", lambda: reply(colleague())),
    "feedback:restore": of("post_id", removed),
    "feedback:topic_id": of("topic_id", lambda: topic(kind=Topic.Kind.QUESTION)),
    "feedback:claim": of("topic_id", lambda: topic(kind=Topic.Kind.QUESTION, accepted=None)),
    "feedback:verify": of("topic_id", lambda: topic(kind=Topic.Kind.QUESTION, accepted__isnull=False)),
    "feedback:withdraw_answer": of(
        "topic_id", lambda: topic(kind=Topic.Kind.QUESTION, accepted__isnull=False, author=person("employee"))
    ),
    "feedback:category_slug": lambda: {
        "category_slug": any_of(Category, audience__is_everyone=True, starters=Category.Starters.EVERYONE).slug
    },
    "feedback:category_id": of("category_id", lambda: any_of(Category, audience__is_everyone=True)),
    "feedback:form": lambda: {"form": "ask"},
    "feedback:form,about_id": lambda: {"form": "reply", "about_id": topic(kind=Topic.Kind.QUESTION).pk},
    "feedback:hold_id": of("hold_id", lambda: any_of(Hold, decided_at=None)),
    "feedback:story_id": of("story_id", lambda: story(person("employee"))),
    "feedback:authorisation_id": of("authorisation_id", lambda: any_of(Authorisation, revoked_on=None)),
    "home:end_delegation": of("grant_id", lambda: handed_on(person("employee"))),
    "home:department_id": of("department_id", branch),
    "home:person_id": of("person_id", colleague),
    "home:job_id": of("job_id", parked_job),
    "home:mail_id": of("mail_id", parked_mail),
    "home:room_id": of("room_id", lambda: any_of(ChatDestination)),
    "identity:account_id": of("account_id", linked_account),
    "identity:confirm": linked_employee,
    "identity:invitation_id": of("invitation_id", invitation),
    "identity:key": lambda: {"key": provider(IdentityProvider.Kind.SAML).key},
    "identity:kind": lambda: {"kind": "saml"},
    "identity:make_key_pair": of("provider_id", saml_provider),
    "identity:oidc_callback": lambda: {"key": provider().key},
    "identity:provider_login": lambda: {"key": provider().key},
    "identity:pair_id": of("pair_id", key_pair),
    "identity:person_id": of("person_id", colleague),
    "identity:provider_id": of("provider_id", provider),
    "identity:rule_id": of("rule_id", rule),
    "identity:session_id": of("session_id", session_of_employee),
    "identity:token": invitation_link,
    "notifications:token": lambda: {
        "token": unsubscribing.link(person("employee").pk, "announcement").rstrip("/").rpartition("/")[2]
    },
    "metrics:channel_id": of("channel_id", channel_of_branch),
    "metrics:channel_id,day": day_of_figures,
    "metrics:channel_id,kind": lambda: {"channel_id": channel_of_branch().pk, "kind": "csv"},
    "metrics:activity_id": of("activity_id", lambda: any_of(Activity)),
    "metrics:ask_id": of("ask_id", lambda: any_of(Ask, decision="")),
    "metrics:campaign_id": of("campaign_id", lambda: any_of(Campaign)),
    "metrics:comparator_id": of("comparator_id", lambda: any_of(Comparator)),
    "metrics:goal_id": of("goal_id", lambda: any_of(Goal)),
    "metrics:import_id": of("import_id", lambda: upload(channel_of_branch())),
    "metrics:network": lambda: {"network": channel_of_branch().network},
    "metrics:collect_now": of("channel_id", collected),
    "metrics:round_id": of("round_id", lambda: any_of(Round)),
    "metrics:standing_answer": of("round_id", open_round),
    "audiences:audience_id": of("audience_id", lambda: any_of(Audience, is_everyone=False)),
    "audiences:person_id": of("person_id", colleague),
    "audiences:run_id": of("run_id", lambda: any_of(AudienceRun)),
    "people:grant_id": of("grant_id", lambda: any_of(RoleGrant, person=person("approver"))),
    "people:membership_id": of("membership_id", lambda: any_of(Membership, person=colleague(), ends=None)),
    "people:person_id": of("person_id", colleague),
    "people:reactivate": of("person_id", left),
    "policies:slug": lambda: {"slug": "social-media"},
    "policies:slug,anchor": lambda: {"slug": "social-media", "anchor": any_clause().anchor},
    "policies:slug,number": lambda: {"slug": "social-media", "number": social_media().number},
    "policies:slug,number,kind": lambda: {
        "slug": "social-media",
        "number": social_media().number,
        "kind": "csv",
    },
    "policies:reference": lambda: {"reference": acknowledgement(person("employee")).reference},
    "policies:discard": slug_of(in_work),
    "policies:edit": slug_of(in_work),
    "policies:forget": slug_of(in_work),
    "policies:preview": slug_of(in_work),
    "policies:submit": slug_of(in_work),
    "policies:review": slug_of(in_review),
    "policies:publish": slug_of(approved),
    "search:synonym_id": of("synonym_id", lambda: Synonym.objects.create(words=["PHI", "patient information"])),
    "scim": lambda: {"path": "Users"},
    "directory:import_id": of("import_id", directory_file),
    "directory:import_id,group": lambda: {"import_id": directory_file().pk, "group": "join"},
    "tokens:token_id": of("token_id", lambda: make_token(by=person("admin"), name="A sample", scopes=["scim"])[0]),
    "training:course_slug": course,
    "training:course_slug,lesson_slug": lambda: {**course(), "lesson_slug": lesson_of_course().slug},
    "training:code": lambda: {"code": certificate(person("employee")).code},
    "training:attempt_id": of("attempt_id", lambda: attempt(person("employee"))),
    "training:attempt_id,number": lambda: {"attempt_id": attempt(person("employee")).pk, "number": 1},
    "training:result": of("attempt_id", lambda: attempt(person("employee"), submitted=True)),
    "training:review": of("attempt_id", lambda: attempt(person("employee"), submitted=True)),
    "training:enrolment_id": of("enrolment_id", lambda: enrolment(person("employee"))),
    "training:lesson_id": of("lesson_id", lambda: one(Lesson.objects.exclude(video=""))),
    "training:form": lambda: {"form": "csv"},
    "training:programme_slug": lambda: {"programme_slug": any_of(Programme).slug},
    **{
        f"training:{name}": lambda: {"course_slug": draft().course.slug}
        for name in ("workbench", "new_lesson", "new_module", "preview", "publish", "write_details")
    },
    "training:course_slug,lesson_id": part_of_draft(Lesson, "lesson_id"),
    "training:course_slug,module_id": part_of_draft(Module, "module_id"),
    "training:course_slug,question_id": question_of_scenario,
    "training:course_slug,question_id,step_id": step,
    "training:course_slug,kind": lambda: {"course_slug": draft().course.slug, "kind": "single"},
    "training:course_slug,kind,part_id": part_of_draft(Module, "part_id", kind="module"),
}


def any_clause() -> Clause:
    return any_of(Clause, version=social_media())


def lesson_of_course() -> Lesson:
    return any_of(Lesson, version__course__slug="answering-reviews", version__published_at__isnull=False)


OF_OTHERS: dict[str, Sample] = {
    "home:team": lambda: a_team(None),
    "privacy:export_id": of(
        "export_id", lambda: DataExport.objects.create(person=colleague(), asked_at=timezone.now(), state="ready")
    ),
    "mfa_deactivate_totp": dict,
    "mfa_download_recovery_codes": dict,
    "mfa_view_recovery_codes": dict,
    "announcements:edit_comment": of("comment_id", comment(colleague)),
    "channels:validate": of("channel_id", channel_elsewhere),
    "feedback:accept": of("post_id", lambda: write(question_of_others(), colleague())),
    "feedback:edit": of("post_id", lambda: reply(colleague())),
    "feedback:history": of("post_id", lambda: reply(colleague())),
    "feedback:story_id": of("story_id", lambda: story(colleague())),
    "feedback:withdraw_answer": of("topic_id", lambda: question_of_others(accepted__isnull=False)),
    "home:end_delegation": of("grant_id", lambda: handed_on(colleague())),
    "home:department_id": of("department_id", lambda: one(elsewhere())),
    "identity:confirm": dict,
    "identity:end_own_session": lambda: {"session_id": 0},
    "metrics:channel_id": of("channel_id", channel_elsewhere),
    "metrics:channel_id,day": lambda: {"channel_id": channel_elsewhere().pk, "day": timezone.localdate().isoformat()},
    "metrics:channel_id,kind": lambda: {"channel_id": channel_elsewhere().pk, "kind": "csv"},
    "metrics:import_id": of("import_id", lambda: upload(channel_elsewhere())),
    "policies:reference": lambda: {"reference": one(Acknowledgement.objects.filter(person=colleague())).reference},
    "training:attempt_id": of("attempt_id", lambda: attempt(colleague())),
    "training:attempt_id,number": lambda: {"attempt_id": attempt(colleague()).pk, "number": 1},
    "training:result": of("attempt_id", lambda: attempt(colleague(), submitted=True)),
    "training:review": of("attempt_id", lambda: attempt(colleague(), submitted=True)),
    "training:code": lambda: {"code": certificate(someone_certified()).code},
    "training:enrolment_id": of("enrolment_id", lambda: enrolment(colleague())),
}

# What goes with the address: the query of a GET, the fields of a POST. Without it the page has nothing to show or do.
FIELDS: dict[str, Callable[[], dict[str, Any]]] = {
    "channels:move": lambda: {"to": "dormant"},
    "feedback:helped": lambda: {"key": str(uuid4())},
    "feedback:opened": lambda: {"key": str(uuid4()), "url": "/policies/social-media/"},
    "feedback:suggestions": lambda: {"key": str(uuid4()), "title": "photo"},
    "policies:acknowledge": lambda: {"version": social_media().pk},
    "policies:compare": lambda: {"from": social_media().previous.number, "to": social_media().number},
    "search:settle": missed,
    "search:reopen": missed,
    "training:change_places": lambda: {"course": any_of(Course, current__isnull=False).pk},
}


def sample(route: str, arguments: Sequence[str], *, of_others: bool = False) -> Arguments:
    """Raises LookupError, with what to add here, where there is none."""
    table = OF_OTHERS if of_others else SAMPLES
    namespace = route.rpartition(":")[0]
    for key in (route, f"{namespace}:{','.join(arguments)}"):
        if key in table:
            return table[key]()
    if not arguments:
        return {}
    raise LookupError(f"{route} needs a sample of {arguments} in tests/permissions/samples.py")
