"""The second step of signing in."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from coe_portal.identity.sessions import SECOND_FACTOR_BY_PROVIDER


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Not asked of somebody whose provider has just asked for it, where the administrator accepts its word."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        through_provider = bool(records) and records[-1]["method"] == "socialaccount"
        if through_provider and request.session.get(SECOND_FACTOR_BY_PROVIDER):
            return False
        return bool(super()._should_handle(request))
