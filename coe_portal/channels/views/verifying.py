"""Is this account really ours? Open to anybody, without a session."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coe_portal.channels.models import Channel
from coe_portal.channels.queries import verify as find
from coe_portal.core.fragments import fragment
from coe_portal.core.versions import read

LONGEST_QUESTION = 300


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    answer = ""
    if asked:
        verdict = find(asked)
        answer = fragment("channels/verdict.html", (verdict.key, read("channels")), lambda: {"verdict": verdict})
    return render(request, "channels/verify.html", {"asked": asked, "answer": answer})


@login_not_required
@require_safe
def verify_json(request: HttpRequest) -> JsonResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    verdict = find(asked) if asked else None
    return JsonResponse({"asked": asked, "ours": [_plain(each) for each in verdict.ours] if verdict else []})


def _plain(channel: Channel) -> dict[str, object]:
    return {
        "name": channel.name,
        "network": channel.network,
        "handle": channel.handle,
        "address": channel.url,
        "department": channel.department.name if channel.department else None,
        "in_use": channel.state != Channel.State.ARCHIVED,
    }
