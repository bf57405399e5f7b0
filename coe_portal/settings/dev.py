"""A laptop or a demo: works at once, says so on every page, and is refused by production's checks."""

from coe_portal.core.crypto import DEMO_FIELD_KEY

from .base import *
from .base import env

DEMO_SECRET_KEY = "demo-secret-key-that-production-refuses-to-start-with"  # noqa: S105 - public on purpose


DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
# The demo's people sign in with a password alone; they see the notice all the same.
SECOND_FACTOR_ENFORCED = not DEMO
SECRET_KEY = env.str("SECRET_KEY", DEMO_SECRET_KEY)
FIELD_KEYS = env.list("FIELD_KEYS", [DEMO_FIELD_KEY])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
INTERNAL_IPS = ["127.0.0.1"]
if env.str("EMAIL_URL", ""):
    # A laptop may have a real mail server, too.
    vars().update({**env.dj_email_url("EMAIL_URL"), "EMAIL_BACKEND": EMAIL_BACKEND})
else:
    MAIL_DELIVERY_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
INSTALLED_APPS = [*INSTALLED_APPS, "coe_portal.demo"]
