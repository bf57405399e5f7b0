from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from coe_portal.design.appearance import as_theme, remember
from coe_portal.design.examples import ExampleForm, example_chart, example_when, icon_names


@require_POST
@login_not_required
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme or the choice about single keys, and go back to where the reader was."""
    response = HttpResponseRedirect(_where_from(request))
    theme = as_theme(request.POST.get("theme", ""))
    if theme:
        remember(response, "theme", theme, secure=request.is_secure())
    if request.POST.get("shortcuts") in ("on", "off"):
        remember(response, "shortcuts", request.POST["shortcuts"], secure=request.is_secure())
    return response


@csrf_exempt
@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody chose before signing in; afterwards their account says it.

    Without a token, which would be a cookie on every page for strangers: all that is forged is a language.
    """
    response = HttpResponseRedirect(_where_from(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, chosen, secure=request.is_secure())
    return response


@require_safe
@login_not_required
def guide(request: HttpRequest) -> HttpResponse:
    """Every component with an example: the living style guide."""
    form = ExampleForm({"headline": "", "consent": ""}) if "errors" in request.GET else ExampleForm()
    context = {
        "form": form,
        "filter_form": ExampleForm(prefix="filter"),
        "chart": example_chart(),
        "when": example_when(),
        "icons": icon_names(),
    }
    return render(request, "design/index.html", context)


def _where_from(request: HttpRequest) -> str:
    origin = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(
        origin, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return origin if allowed else "/"
