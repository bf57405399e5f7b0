class Refused(Exception):
    """Asked for at the wrong moment; the message says to the person why, and what to do."""


class EditedMeanwhile(Refused):
    """Somebody has saved a later edition than the one this was based on."""
