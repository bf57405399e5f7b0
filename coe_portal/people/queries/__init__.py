"""Reads over people and departments, a module a noun; each takes many and makes a constant number of queries."""

from coe_portal.people.queries.access import access_of, access_today
from coe_portal.people.queries.audiences import AudienceRow, audience_in_words, audience_rows, members_among
from coe_portal.people.queries.departments import branch_ids, branch_names, department_names, parents_on, upwards
from coe_portal.people.queries.earlier import for_audiences
from coe_portal.people.queries.matching import matching
from coe_portal.people.queries.members import password_link, people_filtered
from coe_portal.people.queries.roles import delegable_grants, delegations_of, grant_lines, grants_filtered, role_labels
from coe_portal.people.queries.wording import names_for, rule_in_words

__all__ = [
    "AudienceRow",
    "access_of",
    "access_today",
    "audience_in_words",
    "audience_rows",
    "branch_ids",
    "branch_names",
    "delegable_grants",
    "delegations_of",
    "department_names",
    "for_audiences",
    "grant_lines",
    "grants_filtered",
    "matching",
    "members_among",
    "names_for",
    "parents_on",
    "password_link",
    "people_filtered",
    "role_labels",
    "rule_in_words",
    "upwards",
]
