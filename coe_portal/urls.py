"""Every address of the portal."""

from django.urls import include, path

from coe_portal.directory.views import scim
from coe_portal.identity.views.entrance import sign_in_page, sign_out

urlpatterns = [
    path("scim/v2", scim.endpoint, name="scim_root"),
    path("scim/v2/<path:path>", scim.endpoint, name="scim"),
    path("", include("coe_portal.home.urls")),
    path("", include("coe_portal.identity.urls")),
    # Not all of allauth: sign-up and connections through providers do not exist here, their ways in are ours.
    path("accounts/login/", sign_in_page, name="account_login"),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("administration/", include("coe_portal.people.urls")),
    path("administration/", include("coe_portal.audiences.urls")),
    path("administration/audit/", include("coe_portal.audit.urls")),
    path("administration/directory/", include("coe_portal.directory.urls")),
    path("administration/tokens/", include("coe_portal.tokens.urls")),
    path("administration/reminders/", include("coe_portal.reminders.urls")),
    path("announcements/", include("coe_portal.announcements.urls")),
    path("channels/", include("coe_portal.channels.urls")),
    path("design/", include("coe_portal.design.urls")),
    path("notifications/", include("coe_portal.notifications.urls")),
    path("", include("coe_portal.privacy.urls")),
    path("search/", include("coe_portal.search.urls")),
    path("policies/", include("policies.urls")),
    path("training/", include("training.urls")),
    path("feedback/", include("feedback.urls")),
    path("metrics/", include("metrics.urls")),
]
