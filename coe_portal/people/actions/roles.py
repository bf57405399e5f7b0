"""Roles are given, for a while handed on, and end."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coe_portal.people.access import Role, today
from coe_portal.people.actions.audiences import reconsider, reconsider_people
from coe_portal.people.actions.dated import end_dated
from coe_portal.people.facts import tell, tell_many
from coe_portal.people.models import Department, RoleGrant, User


class RoleRefused(ValueError):
    """A role cannot be given or ended so; the message is for whoever tried."""


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    person: User,
    role: str,
    starts: date,
    branch: Department | None = None,
    ends: date | None = None,
) -> RoleGrant:
    """Raises RoleRefused where it overlaps with the same role, and for oneself."""
    if by is not None and by.pk == person.pk:
        raise RoleRefused(_("Nobody gives a role to themselves. Ask another administrator."))
    _refuse_overlap(person, role, branch, starts, ends)
    grant: RoleGrant = RoleGrant.objects.create(person=person, role=role, branch=branch, starts=starts, ends=ends)
    tell(
        by=by, verb="role.granted", on=person,
        details={"role": role, "branch": branch.pk if branch else None, "starts": starts.isoformat()}
        | ({"ends": ends.isoformat()} if ends else {}),
    )  # fmt: skip
    reconsider(person)
    return grant


@transaction.atomic
def change_end(*, by: User, grant: RoleGrant, ends: date | None) -> None:
    """Another last day, or none. Raises RoleRefused where it would overlap, or leave nobody to administer."""
    locked = RoleGrant.objects.select_for_update(of=("self",)).select_related("person", "branch").get(pk=grant.pk)
    if locked.delegated_from_id:
        raise RoleRefused(_("Whoever gave this role for a while decides how long. It can be ended here."))
    if ends is None or (locked.ends and ends > locked.ends):
        _refuse_to_oneself(by, locked)
        _refuse_overlap(locked.person, locked.role, locked.branch, locked.starts, ends, but=locked.pk)
    if ends is not None:
        _refuse_last_administrator(locked, ends)
    before, locked.ends = locked.ends, ends
    locked.save(update_fields=["ends"])
    _end_delegations([locked.pk], by=by, on=ends)
    tell(
        by=by, verb="role.end_changed", on=locked.person,
        details={"role": locked.role, "branch": locked.branch_id, "from": _day(before), "to": _day(ends)},
    )  # fmt: skip
    reconsider(locked.person)


@transaction.atomic
def end_role(*, by: User | None, grant: RoleGrant, on: date) -> None:
    """Raises RoleRefused for the last administrator. What was handed on from it ends with it."""
    _refuse_last_administrator(grant, on)
    _end_delegations([grant.pk], by=by, on=on)
    end_dated(grant, on)
    tell(
        by=by, verb="role.ended", on=grant.person,
        details={"role": grant.role, "branch": grant.branch_id, "on": on.isoformat()},
    )  # fmt: skip
    reconsider(grant.person)


@transaction.atomic
def delegate(*, by: User, grant: RoleGrant, to: User, starts: date, ends: date) -> RoleGrant:
    """A holder gives their role to a colleague for a while; both keep it. Raises RoleRefused with the reason."""
    locked = RoleGrant.objects.select_for_update(of=("self",)).select_related("branch").get(pk=grant.pk)
    _refuse_delegation(locked, by, to, starts, ends)
    _refuse_overlap(to, locked.role, locked.branch, starts, ends)
    given: RoleGrant = RoleGrant.objects.create(
        person=to, role=locked.role, branch=locked.branch, starts=starts, ends=ends, delegated_from=locked
    )
    details = {"grant": given.pk, "role": locked.role, "branch": locked.branch_id, "from": by.pk, "to": to.pk}
    tell(by=by, verb="role.delegated", on=to, details={**details, "starts": _day(starts), "ends": _day(ends)})
    reconsider(to)
    return given


@transaction.atomic
def end_delegation(*, by: User, grant: RoleGrant, on: date) -> None:
    """By its giver, by the one who has it, or by an administrator."""
    _end_delegations([grant.delegated_from_id], by=by, on=on, only=grant.pk)


def end_delegations_of_leavers(*, person_ids: Collection[int], by: User | None, on: date) -> None:
    """Who leaves takes back what they had handed on."""
    given = RoleGrant.objects.filter(person_id__in=person_ids, delegations__isnull=False).distinct()
    _end_delegations(list(given.values_list("pk", flat=True)), by=by, on=on)


def end_roles_of_leavers(*, person_ids: Collection[int], by: User | None, on: date) -> None:
    """Their grants end with that day and stay on record; who comes back is given roles anew.

    Where nobody would be left to administer, that one role stays open for whoever lets its holder back in.
    """
    held = RoleGrant.objects.open_on(on).filter(person_id__in=person_ids).select_related("person", "delegated_from")
    found = list(_without_last_administrators(held.select_for_update(of=("self",)), on))
    for grant in found:
        if grant.delegated_from_id:
            _end_delegations([grant.delegated_from_id], by=by, on=on, only=grant.pk)
    own = [grant for grant in found if not grant.delegated_from_id]
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in own if grant.starts < on]).update(ends=on)
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in own if grant.starts >= on]).delete()
    details = [{"role": each.role, "branch": each.branch_id, "on": on.isoformat(), "left": True} for each in own]
    tell_many(by=by, verb="role.ended", on=[each.person for each in own], details=details)


def _without_last_administrators(held: "QuerySet[RoleGrant]", on: date) -> "Iterable[RoleGrant]":
    others = RoleGrant.objects.filter(
        role=Role.ADMINISTRATOR, branch=None, ends=None, starts__lte=on, person__is_active=True
    )
    ending = list(held)
    if not any(grant.role == Role.ADMINISTRATOR for grant in ending) or others.exists():
        return ending
    return [grant for grant in ending if grant.role != Role.ADMINISTRATOR]


def _end_delegations(
    grant_ids: Iterable[int | None], *, by: User | None, on: date | None, only: int | None = None
) -> None:
    """`on` None ends nothing: the role goes on without an end."""
    if on is None:
        return
    open_ones = RoleGrant.objects.filter(delegated_from__in=list(grant_ids), ends__gt=on).select_related(
        "person", "delegated_from"
    )
    ended = list(open_ones if only is None else open_ones.filter(pk=only))
    for each in ended:
        details = {
            "grant": each.pk, "role": each.role, "branch": each.branch_id, "from": each.delegated_from.person_id,
            "to": each.person_id, "on": on.isoformat(),
        }  # fmt: skip
        end_dated(each, on)
        tell(by=by, verb="role.delegation_ended", on=each.person, details=details)
    if ended:
        reconsider_people([each.person_id for each in ended])


def _refuse_to_oneself(by: User | None, grant: RoleGrant) -> None:
    if by is not None and by.pk == grant.person_id:
        raise RoleRefused(_("Nobody lengthens a role of their own. Ask another administrator."))


def _refuse_overlap(
    person: User, role: str, branch: Department | None, starts: date, ends: date | None, but: int | None = None
) -> None:
    """The person's row is locked, so that two at once cannot both see room."""
    User.objects.select_for_update().get(pk=person.pk)
    same = RoleGrant.objects.filter(Q(ends=None) | Q(ends__gt=starts), person=person, role=role, branch=branch)
    if ends is not None:
        same = same.filter(starts__lt=ends)
    found = same.exclude(pk=but).first() if but else same.first()
    if found is None:
        return
    if found.delegated_from_id:
        raise RoleRefused(_("%(name)s has this role for somebody who is away.") % {"name": person.name})
    raise RoleRefused(_("%(name)s has this role already.") % {"name": person.name})


def _refuse_last_administrator(grant: RoleGrant, on: date) -> None:
    """Somebody must hold the role from that day on without an end."""
    if grant.role != Role.ADMINISTRATOR:
        return
    others = RoleGrant.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, branch=None, ends=None, starts__lte=max(on, today()), person__is_active=True
    )
    if not others.exclude(pk=grant.pk).exists():
        raise RoleRefused(_("This is the last administrator. Give somebody else the role first, without an end."))


def _refuse_delegation(grant: RoleGrant, by: User, to: User, starts: date, ends: date) -> None:
    reasons = [
        (grant.person_id != by.pk, _("Only who has a role hands it on.")),
        (grant.delegated_from_id is not None, _("You have this role for somebody who is away. It goes no further.")),
        (grant.role == Role.ADMINISTRATOR, _("The administrator's role is not handed on. Ask for a second one.")),
        (to.pk == by.pk, _("Choose a colleague, not yourself.")),
        (not to.is_active, _("This person has left.")),
        (starts < today(), _("It cannot begin in the past.")),
        (ends <= starts, _("The end must be after the beginning.")),
        (grant.starts > starts, _("Your own role begins later.")),
        (grant.ends is not None and ends > grant.ends, _("Your own role ends earlier.")),
        (grant.role == Role.PRIVACY_OFFICER and not _is_privacy_officer(to, starts), _(
            "A privacy officer's work can only be taken over by another privacy officer."
        )),
    ]  # fmt: skip
    for refused, reason in reasons:
        if refused:
            raise RoleRefused(reason)


def _is_privacy_officer(person: User, on: date) -> bool:
    held = RoleGrant.objects.on(on).filter(person=person, role=Role.PRIVACY_OFFICER, delegated_from=None)
    return bool(held.exists())


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
