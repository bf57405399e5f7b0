"""What allauth says where its own Spanish calls readers otherwise than ours does, or is wrong.

Nothing imports this: it is here for `makemessages`, so that our catalogue answers before allauth's.
"""

from django.utils.translation import gettext_noop as _

OF_ALLAUTH = (
    _("Be patient, you are sending too many requests."),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Forgot your password?"),
    _("Invalid login."),
    _("New Recovery Codes Generated"),
    _("Password Set"),
    _("Passwordless"),
    _("Please select only one."),
    _("Save them  in a secure location now — they won't be shown again."),
    _("Use authenticator app or code"),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
)
