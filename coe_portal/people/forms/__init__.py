"""What is asked about people, a module a noun."""

from coe_portal.people.forms.departments import DepartmentForm, MembershipForm
from coe_portal.people.forms.fields import AudienceField, DepartmentField, DepartmentsField
from coe_portal.people.forms.members import FilterForm, PersonForm
from coe_portal.people.forms.roles import EndForm, GrantForm, RoleFilterForm

__all__ = [
    "AudienceField",
    "DepartmentField",
    "DepartmentForm",
    "DepartmentsField",
    "EndForm",
    "FilterForm",
    "GrantForm",
    "MembershipForm",
    "PersonForm",
    "RoleFilterForm",
]
