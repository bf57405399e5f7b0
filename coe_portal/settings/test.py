"""The suite's settings: the demo's, with a cheap password hasher and mail kept in memory."""

import os

from coe_portal.core.redis_urls import CACHE_DATABASE, broker_url, cache_url

from .dev import *

DEBUG = False
DEMO = False
SECOND_FACTOR_ENFORCED = True
# Tests that run side by side have databases of their own, so a cache of their own, too: it is emptied between tests.
PARALLEL_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES["default"]["LOCATION"] = cache_url(REDIS_URL, CACHE_DATABASE + 1 + PARALLEL_WORKER)
CELERY_TASK_DEFAULT_QUEUE = f"test-{PARALLEL_WORKER}"
# Workers answer a ping to everybody of their database: not ours the worker of the portal that the browser visits.
CELERY_BROKER_URL = broker_url(REDIS_URL, 15 - PARALLEL_WORKER)
# A machine that runs many suites at once is slow, not away.
CACHES["default"]["OPTIONS"] = {"socket_timeout": 10, "socket_connect_timeout": 10}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAIL_DELIVERY_BACKEND = EMAIL_BACKEND
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
