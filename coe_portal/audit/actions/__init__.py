"""`audit.record` stands beside every write, in the same transaction."""

from coe_portal.audit.actions.recording import record, record_many

__all__ = ["record", "record_many"]
