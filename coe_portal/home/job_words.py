"""What jobs do, in an administrator's words; their names stand beside them, for logs and the command line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

JOBS: dict[str, Promise] = {
    "audiences.evaluate_daily": _("Works out who is in each audience"),
    "audit.seal": _("Seals the audit trail"),
    "directory.apply_import": _("Brings a directory file in"),
    "directory.check_import": _("Checks a directory file"),
    "feedback.flush_reads": _("Writes down which topics were read"),
    "home.remind_branch": _("Reminds the people of a whole branch"),
    "identity.watch_providers": _("Reads what identity providers say of themselves"),
    "metrics.collect_due": _("Collects the figures of channels"),
    "notifications.queue_digests": _("Prepares the daily mails"),
    "notifications.queue_mail": _("Prepares the mails that go out at once"),
    "notifications.send_mail": _("Sends the mails"),
    "policies.remind_of_reviews": _("Reminds of policies that are due for review"),
    "privacy.remove_old": _("Removes what has been kept long enough"),
    "privacy.verify_audit": _("Verifies the audit trail"),
    "reminders.remind": _("Reminds people of what they owe"),
    "search.note_misses": _("Notes what several people looked for in vain"),
    "search.rebuild_words": _("Counts the words of the search anew"),
}


def job_in_words(name: str) -> str:
    """Empty for a job that has no words here."""
    return str(JOBS.get(name, ""))
