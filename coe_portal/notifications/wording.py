"""What a notification says, as long as it may be."""

SUBJECT_LENGTH = 200
LEAD_LENGTH = 300


def worded(subject: str, lead: str) -> dict[str, str]:
    return {"subject": _line(subject, SUBJECT_LENGTH), "lead": _line(lead, LEAD_LENGTH)}


def _line(text: str, length: int) -> str:
    """On one line, so that it can be a header of a mail."""
    line = " ".join(text.replace("\0", "").split())
    return line if len(line) <= length else line[: length - 1] + "…"
