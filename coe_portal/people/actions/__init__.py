"""Every write to people, their departments, roles and audiences; a module a noun."""

from coe_portal.people.actions.audiences import (
    delete_audience,
    leave_audiences,
    reconsider_people,
    refresh_audiences,
    save_audience,
)
from coe_portal.people.actions.departments import add_department, join_department, leave_department
from coe_portal.people.actions.leavers import (
    deactivate,
    deactivate_many,
    drop_sessions,
    end_old_sessions,
    end_sessions,
    pseudonymise,
    reactivate,
    reactivate_many,
)
from coe_portal.people.actions.members import add_person, update_settings
from coe_portal.people.actions.roles import RoleRefused, change_end, delegate, end_delegation, end_role, grant_role

__all__ = [
    "RoleRefused",
    "add_department",
    "add_person",
    "change_end",
    "deactivate",
    "deactivate_many",
    "delegate",
    "delete_audience",
    "drop_sessions",
    "end_delegation",
    "end_old_sessions",
    "end_role",
    "end_sessions",
    "grant_role",
    "join_department",
    "leave_audiences",
    "leave_department",
    "pseudonymise",
    "reactivate",
    "reactivate_many",
    "reconsider_people",
    "refresh_audiences",
    "save_audience",
    "update_settings",
]
