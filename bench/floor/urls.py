from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from coe_portal.people.models import Department


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    department = Department.objects.get(code="RH-01")
    return render(request, "floor.html", {"department": department})


urlpatterns = [path("floor/", floor)]
