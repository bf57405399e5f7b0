"""A process that sends what is due to the mail server at the port it is given, until nothing is left."""

import sys

import django
from django.conf import settings

django.setup()

from coe_portal.notifications.actions import send_mail  # noqa: E402 - after the setup

settings.MAIL_DELIVERY_BACKEND = "coe_portal.notifications.smtp.SmtpBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
while send_mail(seconds=60):
    pass
