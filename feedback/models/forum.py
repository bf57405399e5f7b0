"""Categories, the topics in them and the posts of a topic."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role, today
from coe_portal.people.models import Audience, User

# Words that are addresses of their own below /feedback/.
RESERVED_SLUGS = ("ask", "categories", "drafts", "flags", "holds", "posts", "review", "stories", "topics", "waiting")
POSTS_A_PAGE = 20


def looked_after_by(person: User, author: str = "author") -> Q:
    """Texts belong to the branch of who wrote them: this is what a strategist's role reaches of them.

    A text that nobody is known to have written is of no branch: to show it in one would say where its author works.
    """
    if not person.is_strategist:
        return Q(pk__in=[])
    reach = person.access.reach(Role.STRATEGIST)
    return Q() if reach is None else Q(**{f"{author}__in": User.objects.in_departments(reach, today())})


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(audience_id__in=person.access.audience_ids)


class Category(models.Model):
    """A room of the forum. Who is not in its audience does not learn that it exists."""

    class Starters(models.TextChoices):
        EVERYONE = "everyone", _("Everybody who can read it")
        STRATEGISTS = "strategists", _("Strategists only")

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=300)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    audience = models.ForeignKey(Audience, models.PROTECT, verbose_name=_("audience"), related_name="+")
    starters = models.CharField(
        _("who may start a topic"), max_length=12, choices=Starters.choices, default=Starters.EVERYONE
    )
    topic_count = models.PositiveIntegerField(_("topics"), default=0)
    post_count = models.PositiveIntegerField(_("posts"), default=0)

    objects: ClassVar[Any] = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="category_slug_not_reserved"),
            models.CheckConstraint(
                condition=Q(starters__in=["everyone", "strategists"]), name="category_starters_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:category", args=[self.slug])


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, person: User) -> Self:
        """Held topics are their author's alone; removed ones can be brought back by strategists."""
        found = self.filter(category__audience_id__in=person.access.audience_ids)
        found = found.filter(Q(is_held=False) | Q(author=person))
        if not person.is_strategist:
            return found.filter(removed_at__isnull=True)
        return found if person.access.reaches(Role.STRATEGIST, None) else found.filter(_standing_or_theirs(person))

    def moderated_by(self, person: User) -> Self:
        return self.visible_to(person).filter(looked_after_by(person))

    def standing(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def published(self) -> Self:
        """What counts, is searched and is listed as waiting: neither held nor removed."""
        return self.standing().filter(is_held=False)

    def questions(self) -> Self:
        return self.filter(kind=Topic.Kind.QUESTION)

    def unanswered(self) -> Self:
        return self.published().questions().filter(accepted__isnull=True, canonical__isnull=True)

    def unclaimed(self, at: datetime) -> Self:
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=at))

    def in_need_of_a_fresh_look(self, on: date) -> Self:
        return self.published().filter(verified_until__lt=on)


def _standing_or_theirs(person: User) -> Q:
    return Q(removed_at__isnull=True) | looked_after_by(person)


class Topic(models.Model):
    """A discussion or a question. Its first post is what the author wrote; the others are replies."""

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Discussion")
        QUESTION = "question", _("Question")

    category = models.ForeignKey(Category, models.PROTECT, related_name="topics", verbose_name=_("category"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=160)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField(_("key of the form it came with"))
    created_at = models.DateTimeField(_("created"))
    active_at = models.DateTimeField(_("last activity"))
    last_author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    last_number = models.PositiveIntegerField(_("number of the last post"), default=0)
    last_published = models.PositiveIntegerField(_("number of the last post that everybody sees"), default=1)
    reply_count = models.PositiveIntegerField(_("replies"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_locked = models.BooleanField(_("locked"), default=False)
    is_held = models.BooleanField(_("held"), default=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    first_reply_at = models.DateTimeField(_("first reply by somebody else"), null=True, blank=True)
    accepted = models.OneToOneField("Post", models.PROTECT, null=True, blank=True, related_name="accepted_for")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    verified_until = models.DateField(_("verified until"), null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    canonical = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    duplicate_count = models.PositiveIntegerField(_("asked again"), default=0)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    about_url = models.CharField(_("address of what it is about"), max_length=300, blank=True)
    about_title = models.CharField(_("what it is about"), max_length=200, blank=True)

    objects: ClassVar[Any] = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="topic_sent_once"),
            models.CheckConstraint(condition=Q(kind__in=["discussion", "question"]), name="topic_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="question")
                | Q(accepted__isnull=True, canonical__isnull=True, claimed_by__isnull=True),
                name="topic_answers_are_for_questions",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, accepted_by__isnull=True, accepted_at__isnull=True)
                | Q(accepted__isnull=False, accepted_by__isnull=False, accepted_at__isnull=False),
                name="topic_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_until__isnull=True, verified_by__isnull=True)
                | Q(verified_until__isnull=False, verified_by__isnull=False, accepted__isnull=False),
                name="topic_verified_needs_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(canonical__isnull=True) | ~Q(canonical=F("id")), name="topic_not_its_own_duplicate"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="topic_claim_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["category", "-active_at", "-id"], name="topic_list"),
            models.Index(fields=["-active_at", "-id"], name="topic_latest"),
            models.Index(fields=["author", "-active_at"], name="topic_mine"),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(
                    kind="question",
                    accepted__isnull=True,
                    canonical__isnull=True,
                    is_held=False,
                    removed_at__isnull=True,
                ),
                name="topic_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:topic", args=[self.pk])

    @property
    def is_question(self) -> bool:
        return self.kind == self.Kind.QUESTION

    @property
    def is_published(self) -> bool:
        return not self.is_held and self.removed_at is None

    def is_claimed(self, at: datetime) -> bool:
        return self.claimed_until is not None and self.claimed_until > at

    def is_verified(self, on: date) -> bool:
        return self.verified_until is not None and self.verified_until >= on


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: User) -> Self:
        topics = Topic.objects.visible_to(person)
        return self.filter(Q(is_held=False) | Q(author=person), topic__in=topics)

    def moderated_by(self, person: User) -> Self:
        return self.visible_to(person).filter(looked_after_by(person))

    def published(self) -> Self:
        return self.filter(is_held=False, removed_at__isnull=True)


class Post(models.Model):
    """What a person wrote. `number` counts from 1 in its topic for ever, so a page of a topic keeps its posts."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_center = models.BooleanField(_("written by a strategist"), default=False)
    key = models.UUIDField(_("key of the form it came with"))
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    source = models.TextField(_("text"), max_length=20_000)
    html = models.TextField(_("rendered text"))
    version = models.PositiveIntegerField(_("version"), default=1)
    helpful_count = models.PositiveIntegerField(_("found it helpful"), default=0)
    is_held = models.BooleanField(_("held"), default=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removal_reason = models.CharField(_("reason of the removal"), max_length=300, blank=True)

    objects: ClassVar[Any] = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="post_number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_sent_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="post_number_from_one"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removal_reason="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removal_reason="")),
                name="post_removed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["author", "-created_at"], name="post_mine")]

    def __str__(self) -> str:
        return f"post {self.number} of topic {self.topic_id}"

    def get_absolute_url(self) -> str:
        """The page of the topic that holds the post, at the post."""
        page = (self.number - 1) // POSTS_A_PAGE + 1
        query = f"?page={page}" if page > 1 else ""
        return f"{reverse('feedback:topic', args=[self.topic_id])}{query}#post-{self.pk}"

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def is_published(self) -> bool:
        return not self.is_held and self.removed_at is None


class PostEdit(models.Model):
    """The text as it was before an edit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="edits")
    source = models.TextField(_("text before the edit"))
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(_("edited"))

    class Meta:
        ordering = ["-edited_at", "-id"]

    def __str__(self) -> str:
        return f"edit of {self.post_id}"


class Reaction(models.Model):
    """Somebody found a post helpful."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "post"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.person_id} found {self.post_id} helpful"
