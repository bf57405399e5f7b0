"""My certificates, the public page that verifies one, its PDF, and revoking it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.core.http import PortalRequest, go
from coe_portal.core.typeset import typeset
from coe_portal.people.models import User
from training.actions.complete import revoke as revoke_certificate
from training.forms.certificates import RevokeForm
from training.models import Certificate
from training.permissions import may_revoke
from training.queries.certificates import by_code, certificates_of, paper
from training.views.shared import tabs


@require_safe
def certificates(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    found = [(certificate, certificate.state_on(today)) for certificate in certificates_of(request.user)]
    context = {"tabs": tabs(request.user, "certificates"), "certificates": found}
    return render(request, "training/certificates.html", context)


@login_not_required
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Open to everybody who has the address: it is how an employer checks what is on the paper."""
    found = by_code(code)
    person = request.user if isinstance(request.user, User) else None
    context = {
        "certificate": found,
        "state": found.state_on(timezone.localdate()) if found else "",
        "is_mine": found is not None and person is not None and found.completion.person_id == person.pk,
        "may_revoke": found is not None
        and person is not None
        and not found.revoked_at
        and may_revoke(person, found, timezone.localdate()),
    }
    return render(request, "training/certificate.html", context, status=200 if found else 404)


@require_safe
def pdf(request: PortalRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Certificate.objects.visible_to(request.user).whole(), code=code)
    document = typeset("training/certificate.typ", paper(found), at=found.completion.completed_at)
    name = f"certificate-{found.completion.course.slug}.pdf"
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PortalRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Certificate.objects.whole().filter(revoked_at=None), code=code)
    if not may_revoke(request.user, found, timezone.localdate()):
        raise Http404
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        revoke_certificate(by=request.user, certificate=found, because=because, at=timezone.now())
        messages.success(request, _("The certificate is revoked, and its holder has been told."))
        return go(request, found)
    return render(request, "training/revoke.html", {"certificate": found, "form": form})
