"""People, departments, who belongs where, who may do what from when until when, and whom things are for."""

from coe_portal.people.models.audiences import (
    Audience,
    AudienceChange,
    AudienceMember,
    AudienceQuerySet,
    AudienceReader,
    AudienceRun,
    AudienceVersion,
    EarlierAudience,
    PastMember,
)
from coe_portal.people.models.people import (
    DatedQuerySet,
    Department,
    EarlierParent,
    Membership,
    Period,
    PersonManager,
    PersonQuerySet,
    RoleGrant,
    User,
)

__all__ = [
    "Audience",
    "AudienceChange",
    "AudienceMember",
    "AudienceQuerySet",
    "AudienceReader",
    "AudienceRun",
    "AudienceVersion",
    "DatedQuerySet",
    "Department",
    "EarlierAudience",
    "EarlierParent",
    "Membership",
    "PastMember",
    "Period",
    "PersonManager",
    "PersonQuerySet",
    "RoleGrant",
    "User",
]
