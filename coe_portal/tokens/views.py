"""Pages of the administrator: make a token, see those that are there, revoke one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.contributions import token_scopes
from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.core.paging import page_by_key
from coe_portal.people.permissions import may_administer
from coe_portal.tokens import actions
from coe_portal.tokens.forms import TokenForm
from coe_portal.tokens.models import AccessToken


@require_safe
@only(may_administer)
def index(request: PortalRequest) -> HttpResponse:
    page = page_by_key(request, AccessToken.objects.select_related("owner"), by="created_at")
    labels, now = token_scopes(), timezone.now()
    rows = [
        (token, token.state(now), [labels[scope].label if scope in labels else scope for scope in token.scopes])
        for token in page.rows
    ]
    return render(request, "tokens/index.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
@recently_authenticated()
def add(request: PortalRequest) -> HttpResponse:
    """The answer to a good form is the secret itself: it is in no address, no cookie and no session."""
    initial = {"scopes": request.GET.getlist("scope"), "name": request.GET.get("name", "")}
    form = TokenForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return render(request, "tokens/add.html", {"form": form}, status=422 if form.errors else 200)
    token, secret = actions.make_token(
        by=request.user,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=form.expires_at(),
    )
    return render(request, "tokens/made.html", {"token": token, "secret": secret})


@require_POST
@only(may_administer)
def revoke(request: PortalRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(AccessToken, pk=token_id)
    actions.revoke_token(by=request.user, token=token, at=timezone.now())
    messages.success(request, _("%(token)s opens nothing any more.") % {"token": token})
    return go(request, "tokens:index")
