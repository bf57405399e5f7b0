"""Every write of the directory: files that come in, SCIM, and two accounts made one."""

from coe_portal.directory.actions.bringing import run_apply
from coe_portal.directory.actions.checking import run_check
from coe_portal.directory.actions.imports import (
    NotNow,
    TooManyLeave,
    confirm,
    discard,
    name_columns,
    receive,
    reopen,
)
from coe_portal.directory.actions.merging import CannotMerge, merge_people, preview_merge

__all__ = [
    "CannotMerge",
    "NotNow",
    "TooManyLeave",
    "confirm",
    "discard",
    "merge_people",
    "name_columns",
    "preview_merge",
    "receive",
    "reopen",
    "run_apply",
    "run_check",
]
