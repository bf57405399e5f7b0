"""Every text a person types is looked through for patient information before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.safestring import SafeString

from coe_portal.contributions import Text
from coe_portal.guard.engine import Finding, find, mark


@dataclass(frozen=True)
class Marked:
    """One field in which something was found, with the spans marked."""

    label: Text
    html: SafeString
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Suspicion:
    """What was found. `digest` stands for exactly this text: who changes it is asked again."""

    fields: Sequence[Marked]
    digest: str

    @property
    def kinds(self) -> list[str]:
        return sorted({str(finding.kind) for field in self.fields for finding in field.findings})


def suspicion(texts: Mapping[str, tuple[Text, str]]) -> Suspicion | None:
    """Field name -> (label, what was typed). None where nothing was found."""
    found = [
        Marked(label, mark(text, findings), findings) for label, text in texts.values() if (findings := find(text))
    ]
    if not found:
        return None
    whole = "\x1f".join(text for _, text in texts.values())
    return Suspicion(found, sha256(whole.encode()).hexdigest())
