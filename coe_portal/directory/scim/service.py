"""The SCIM protocol over our storage, for one request of Django's."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from scim2_models import InvalidValueException, PayloadTooLargeException, ResourceType
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from coe_portal.directory.scim.people import looks_like_address
from coe_portal.directory.scim.resources import ENTERPRISE, PROVIDER, USER_TYPE
from coe_portal.directory.scim.storage import PortalStorage
from coe_portal.tokens.access import TokenRequest

MEDIA_TYPE = "application/scim+json"
MANAGER = f"{ENTERPRISE}:manager".lower()
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class PortalService(ScimService):
    """Everybody is active or not and has an address here: who is not said to be is, and a userName may be one."""

    def read_creation(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> Any:
        return super().read_creation(resource_type, _completed(resource_type, body), content_type)

    def read_replacement(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> Any:
        return super().read_replacement(resource_type, _completed(resource_type, body), content_type)

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> Any:
        return super().read_patch(resource_type, _with_manager_as_told(body), content_type)


SERVICE = PortalService(PROVIDER)


def _completed(resource_type: ResourceType, body: bytes) -> bytes:
    if resource_type.name != USER_TYPE.name:
        return body
    try:
        told = json.loads(body)
    except ValueError:
        return body
    if not isinstance(told, dict):
        return body
    names = {key.lower(): key for key in told}
    if "active" not in names:
        told["active"] = True
    if not told.get(names.get("emails", "")) and looks_like_address(told.get(names.get("username", ""))):
        told["emails"] = [{"value": told[names["username"]], "type": "work", "primary": True}]
    return json.dumps(told).encode()


def _with_manager_as_told(body: bytes) -> bytes:
    """Microsoft Entra names a manager by the bare id, where the schema has an object that holds it."""
    try:
        told = json.loads(body)
        operations = [each for each in told["Operations"] if isinstance(each, dict)]
    except (ValueError, TypeError, KeyError):
        return body
    for each in operations:
        if str(each.get("path", "")).lower() == MANAGER:
            each["value"] = _as_manager(each.get("value"))
        elif isinstance(each.get("value"), dict):
            each["value"] = {
                key: _as_manager(value) if key.lower() == MANAGER else value for key, value in each["value"].items()
            }
    return json.dumps(told).encode()


def _as_manager(value: Any) -> Any:
    return ({"value": value} if value else None) if isinstance(value, str) else value


def answer(request: TokenRequest, path: str) -> HttpResponse:
    """`path` is what stands behind the address of the service."""
    application = WSGIApplication(PortalStorage(request.user), PROVIDER, SERVICE)
    asked = ScimRequest(
        method=request.method or "GET",
        base_url=request.build_absolute_uri("/scim/v2"),
        path=application.split_path(f"/{path}"),
        query=_query(request),
        headers=dict(request.headers),
        subject=request.user,
    )
    try:
        asked.body = _body(request)
    except (PayloadTooLargeException, InvalidValueException) as refused:
        return _as_django(application.finalize_response(asked, application.handle_exception(asked, refused)))
    return _as_django(application.serve(asked))


def _query(request: TokenRequest) -> dict[str, str]:
    return {key: str(value) for key, value in request.GET.items()}


def _body(request: TokenRequest) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig:
        raise PayloadTooLargeException(detail="Send less at once.") from None
    if b"\\u0000" in body or "\x00" in "".join(_query(request).values()):
        raise InvalidValueException(detail="A NUL is no letter.")
    return body


def _as_django(response: ScimResponse) -> HttpResponse:
    content = b"" if response.body is None else json.dumps(response.body).encode()
    found = HttpResponse(content, status=int(response.status), content_type=MEDIA_TYPE)
    for name, value in response.headers.items():
        found.headers[name] = value
    return found


def refusal(status: HTTPStatus, detail: str) -> HttpResponse:
    """An error as RFC 7644, section 3.12, writes it."""
    body = {"schemas": [ERROR_SCHEMA], "status": str(status.value), "detail": detail}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
