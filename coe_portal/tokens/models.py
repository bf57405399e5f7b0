from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def usable(self, at: datetime) -> Self:
        """Those that open something at this moment: not revoked, not expired, of somebody who is still here."""
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(lasting, revoked_at__isnull=True, owner__is_active=True)

    def with_scope(self, scope: str) -> Self:
        return self.filter(scopes__contains=[scope])


class AccessToken(models.Model):
    """What another program shows instead of a sign-in. Only its digest is kept: nobody can read it again."""

    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(User, models.PROTECT, related_name="access_tokens", verbose_name=_("made by"))
    scopes = models.JSONField(_("what it opens"), default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("ends with"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    owner_left = models.BooleanField(_("ended because its maker left"), default=False, db_default=False, editable=False)

    objects: ClassVar[Any] = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    def opens(self, scope: str) -> bool:
        return scope in self.scopes

    def state(self, at: datetime) -> str:
        if self.owner_left or (not self.revoked_at and not self.owner.is_active):
            return "left"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= at else "usable"
