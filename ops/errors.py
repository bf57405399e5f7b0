class OpsError(Exception):
    """Something a person has to see: the message says what, and what to do about it."""


class StopRequestedError(Exception):
    """The person, or the system, asked everything to end."""
