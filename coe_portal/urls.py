"""Every address of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("coe_portal.home.urls")),
    path("accounts/", include("allauth.urls")),
    path("administration/", include("coe_portal.people.urls")),
    path("administration/audit/", include("coe_portal.audit.urls")),
    path("announcements/", include("coe_portal.announcements.urls")),
    path("channels/", include("coe_portal.channels.urls")),
    path("design/", include("coe_portal.design.urls")),
    path("notifications/", include("coe_portal.notifications.urls")),
    path("search/", include("coe_portal.search.urls")),
    path("policies/", include("policies.urls")),
    path("training/", include("training.urls")),
    path("feedback/", include("feedback.urls")),
    path("metrics/", include("metrics.urls")),
]
