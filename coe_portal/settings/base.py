"""Settings that every environment shares. Values that differ come from the environment, read here once."""

from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from coe_portal.core.redis_urls import broker_url, cache_url
from coe_portal.core.release import digest_of_code
from coe_portal.core.static_headers import add_headers

# Lets code say `QuerySet[Policy]` and `ModelForm[Policy]` at run time too.
django_stubs_ext.monkeypatch()

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("COE_VAR", str(BASE_DIR / "var")))

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = []
ORGANISATION_NAME = env.str("ORGANISATION_NAME", "Riverbend Health")
REDIS_URL = env.str("REDIS_URL", "")
# What this hospital's medical record numbers look like, as a regular expression; empty where there is no fixed form.
GUARD_RECORD_NUMBER = env.str("GUARD_RECORD_NUMBER", r"\bRBH-?\d{7}\b")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "tree_queries",
    "coe_portal.core",
    "coe_portal.design",
    "coe_portal.people",
    "coe_portal.outbox",
    "coe_portal.audit",
    "coe_portal.notifications",
    "coe_portal.search",
    "coe_portal.tokens",
    "coe_portal.channels",
    "coe_portal.audiences",
    "coe_portal.directory",
    "coe_portal.identity",
    "coe_portal.privacy",
    "coe_portal.reminders",
    "coe_portal.announcements",
    "coe_portal.home",
    "policies",
    "training",
    "feedback",
    "metrics",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "coe_portal.core.middleware.MethodsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "coe_portal.people.middleware.SignedInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "coe_portal.identity.middleware.SessionLimitsMiddleware",
    "coe_portal.people.middleware.PersonMiddleware",
    "coe_portal.core.middleware.ResponseHeadersMiddleware",
    "coe_portal.core.middleware.ReadableMiddleware",
    "coe_portal.audit.middleware.RefusedMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "coe_portal.identity.middleware.SecondStepMiddleware",
    "coe_portal.identity.middleware.WaysInMiddleware",
    "coe_portal.identity.middleware.PasswordPlacesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "coe_portal.urls"
WSGI_APPLICATION = "coe_portal.wsgi.application"

# cotton and template_partials each want to wrap the loaders: written out, so that both do.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coe_portal.home.context.portal",
            ],
        },
    }
]
# A component sees what it is given and what every page has, never the variables of the page around it.
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "coe_portal.core.forms.PortalRenderer"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgres:///", conn_max_age=600, conn_health_checks=True)}
# Who owns the tables and migrates them, where that is another role than the one that serves the portal.
DATABASE_OWNER = env.dj_db_url("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", "") else {}
DATABASE_ROLE = DATABASES["default"].get("USER", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "coe_portal.core.read_ahead.ReadAheadRedisCache",
        "LOCATION": cache_url(REDIS_URL) if REDIS_URL else "",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        # What an older release has put there, be it HTML or objects, is never read by a newer one.
        "KEY_PREFIX": digest_of_code(BASE_DIR),
        "TIMEOUT": 86_400,
    },
    # Counts attempts to sign in, and knows used codes, while the server of the other one is away.
    "spare": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "spare_cache",
        "TIMEOUT": 3_600,
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
}
SESSION_ENGINE = "coe_portal.core.session_store"
# The longest that a session may last; the limits by role are shorter and are kept in the database.
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CELERY_BROKER_URL = broker_url(REDIS_URL) if REDIS_URL else ""
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The two "unacked" options bring a killed worker's task back in seconds; kombu's defaults take minutes.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULER = "coe_portal.outbox.beat:HeartbeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["coe_portal.people.backends.PortalBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["coe_portal.identity.hashers.PortalHasher"]
PASSWORDS_AT_A_TIME = 2
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "coe_portal.identity.passwords.GuessableValidator"},
]
# Names of yours, beside that of the organisation, that make a password easy to guess: hospitals, towns, products.
PASSWORD_WORDS: list[str] = env.list("PASSWORD_WORDS", [])
ACCOUNT_ADAPTER = "coe_portal.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "coe_portal.identity.adapters.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Nobody can make the portal write to an address of their choice.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "coe_portal.identity.forms.accounts.PortalLoginForm",
    "reset_password": "coe_portal.identity.forms.accounts.PortalResetPasswordForm",
    "add_email": "coe_portal.identity.forms.accounts.PortalAddEmailForm",
    "change_password": "coe_portal.identity.forms.accounts.PortalChangePasswordForm",
    "reset_password_from_key": "coe_portal.identity.forms.accounts.PortalResetPasswordKeyForm",
    "reauthenticate": "coe_portal.identity.forms.accounts.PortalReauthenticateForm",
}
SOCIALACCOUNT_ADAPTER = "coe_portal.identity.adapters.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
# Whether a role that needs a second step and has none is led to set it up when its days are over.
SECOND_FACTOR_ENFORCED = True
ACCOUNT_CHANGE_EMAIL = True
MFA_ADAPTER = "coe_portal.identity.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Social Media Center of Excellence"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
# The language in which the organisation writes its policies, courses and posts, where a text does not say its own.
CONTENT_LANGUAGE = env.str("CONTENT_LANGUAGE", "en", validate=validate.OneOf([code for code, _name in LANGUAGES]))
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = "coe_portal.core.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/New_York"
USE_I18N = True
USE_TZ = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Social Media Center of Excellence <coe@riverbend.example>")
EMAIL_TIMEOUT = 10
# Every mail becomes a row first; a job hands it to the backend that is named second.
EMAIL_BACKEND = "coe_portal.notifications.mail_backend.OutboxBackend"
MAIL_DELIVERY_BACKEND = "coe_portal.notifications.smtp.SmtpBackend"

# Encrypts secrets at rest (TOTP seeds, provider tokens); the first key encrypts, the others still decrypt.
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", [])
PUBLIC_URL = env.str("PUBLIC_URL", "http://127.0.0.1:8000")

BLUESKY_APPVIEW_URL = env.str("BLUESKY_APPVIEW_URL", "https://public.api.bsky.app")
MASTODON_SCHEME = env.str("MASTODON_SCHEME", "https")
# Hosts that collectors may reach although they resolve to a private address: servers in tests, on-premise services.
PRIVATE_HOSTS_ALLOWED: list[str] = env.list("PRIVATE_HOSTS_ALLOWED", [])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
