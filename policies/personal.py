"""What the policies keep of a person, and how words leave them for good."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.core.addresses import shortened
from coe_portal.personal import (
    CHOSEN,
    COMPUTED,
    Columns,
    Personal,
    PersonalRecords,
    Purgeable,
    Retention,
    Rows,
    Text,
    work_of,
)
from policies.actions.redacting import redact
from policies.models import Acknowledgement, Version, Writer


def texts(version_id: int) -> Sequence[tuple[Text, str]] | None:
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        return None
    comments = [(_("Comment on a decision"), each.comment) for each in version.reviews.all() if each.comment]
    written = [
        (_("Title"), version.title),
        (_("In plain language"), version.summary),
        (_("Text"), version.text),
        (_("What changed"), version.change_note),
    ]
    return [*((label, text) for label, text in written if text), *comments]


def writers(version_id: int) -> Iterable[int]:
    return Writer.objects.filter(version=version_id).values_list("person_id", flat=True)


def url(version_id: int) -> str:
    return Version.objects.select_related("policy").get(pk=version_id).get_absolute_url()


def shorten_addresses(rows: Rows) -> int:
    """The rest of the evidence stays as it was given; the database lets nothing else change."""
    found = list(rows)
    for each in found:
        each.address, each.is_shortened = shortened(each.address), True
    return Acknowledgement.objects.bulk_update(found, ["address", "is_shortened"], batch_size=1_000)


personal = Personal(
    records=[
        PersonalRecords(
            "policies.acknowledgement",
            "person",
            _("Acknowledgements"),
            [
                "version__policy__title",
                "version__major",
                "at",
                "address",
                "user_agent",
                "consent",
                "sha256",
                "reference",
            ],
            titles=["version__policy__title", "consent"],
            seen=lambda rows, person: rows.filter(version__policy__audience__in=person.access.audience_ids),
        ),
        PersonalRecords(
            "policies.kepttext",
            "person",
            _("Policy texts begun and not saved"),
            ["version_id", "fields", "at"],
            erased=True,
        ),
        PersonalRecords("policies.writer", "person", _("Policies written"), ["version__policy__title"]),
        *work_of("policies.policy", "owner"),
        *work_of("policies.review", "reviewer"),
    ],
    retentions=[
        Retention(
            key="policies.kept_texts",
            label=_("Unsaved texts of the policy editor"),
            what=_("What was typed and never saved"),
            days=180,
            basis=_("Needed only until the text is saved"),
            model="policies.kepttext",
            moment="at",
            person="person",
        ),
        Retention(
            key="policies.addresses",
            label=_("Whole network addresses of acknowledgements"),
            what=_("The last part of the address is removed, everything else of the acknowledgement stays"),
            days=30,
            least=30,
            basis=_("Needed only while somebody may still say that they did not sign"),
            model="policies.acknowledgement",
            moment="at",
            person="person",
            only=Q(is_shortened=False),
            remove=shorten_addresses,
        ),
    ],
    purgeables={"policy": Purgeable(_("Version of a policy"), texts, None, writers, url)},
    redact=redact,
    texts={
        "policies.policy": Columns("slug title"),
        "policies.version": Columns("change_note title summary text intro_html", never={COMPUTED: "sha256"}),
        "policies.clause": Columns("anchor part title text html examples sources"),
        "policies.review": Columns("comment"),
        "policies.acknowledgement": Columns("user_agent consent", never={COMPUTED: "sha256 reference"}),
        "policies.redaction": Columns(never={COMPUTED: "before after"}),
        "policies.kepttext": Columns("fields"),
        "policies.guardrule": Columns(never={CHOSEN: "kind anchor"}),
    },
)
