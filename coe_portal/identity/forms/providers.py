from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coe_portal.identity.models import IdentityProvider, MappingRule
from coe_portal.identity.oidc.tokens import read_discovery
from coe_portal.identity.queries.providers import origin
from coe_portal.identity.saml.metadata import LARGEST, Metadata, MetadataError, fetch_metadata, read_metadata
from coe_portal.people.forms import DepartmentField
from coe_portal.people.forms.roles import check_reach

HELP = {
    "name": _("What people read: “Sign in with …”. The name of your organisation is best."),
    "key": _("Part of the addresses you enter at the provider. It cannot be changed later."),
    "email_attribute": _("Leave it empty for the usual names."),
    "name_attribute": _("Leave it empty for the usual names."),
    "number_attribute": _("If it comes, people are found by their employee number first."),
    "trusts_email": _(
        "Only where the provider makes sure that an address belongs to the person. Then somebody who is here already "
        "is found by their address at their first sign-in."
    ),
    "creates_people": _("Otherwise somebody who is not in the directory is told whom to ask."),
    "mfa_values": _(
        "Separated by blanks, as they come in amr, acr or AuthnContextClassRef. Whoever comes with one of them is not "
        "asked for a second step here."
    ),
    "wants_encryption": _(
        "Encrypted ones are always read once there is a key pair; this refuses the others. A key pair is made when you "
        "save, if there is none."
    ),
    "signs_requests": _("If the provider asks for it. A key pair is made when you save, if there is none."),
    "further_origins": _(
        "Only if the provider hands people on to another host to sign in, such as https://adfs.example.org"
    ),
}


MEANING = ["email_attribute", "name_attribute", "number_attribute"]
FIRST_SIGN_IN = ["trusts_email", "creates_people"]
SECOND_STEP = ["mfa_values", "further_origins"]
KEYS = ["wants_encryption", "signs_requests"]
UNDER_HEADINGS = frozenset([*MEANING, *FIRST_SIGN_IN, *SECOND_STEP, *KEYS])


@dataclass(frozen=True)
class Part:
    legend: str | Promise
    fields: list[forms.BoundField]


class ProviderForm(forms.ModelForm[IdentityProvider]):
    class Meta:
        model = IdentityProvider
        fields = ["name", "key", *MEANING, *FIRST_SIGN_IN, *SECOND_STEP]
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["key"]

    @property
    def parts(self) -> list[Part]:
        """The fields under headings, in the order in which an administrator has the answers."""
        parts = [
            (_("Connection"), [name for name in self.fields if name not in UNDER_HEADINGS]),
            (_("What its attributes mean"), MEANING),
            (_("At the first sign-in"), FIRST_SIGN_IN),
            (_("Second step and way there"), SECOND_STEP),
            (_("Encrypted and signed"), KEYS),
        ]
        found = [(legend, [self[name] for name in names if name in self.fields]) for legend, names in parts]
        return [Part(legend, fields) for legend, fields in found if fields]

    def clean_further_origins(self) -> str:
        given = str(self.cleaned_data["further_origins"]).split()
        for each in given:
            if origin(each) != each or urlsplit(each).scheme != "https" or not _is_plain(each):
                raise forms.ValidationError(gettext("Write hosts like https://adfs.example.org, without a path."))
        return " ".join(given)


class OIDCForm(ProviderForm):
    secret_text = forms.CharField(
        label=_("Client secret"), required=False, strip=True, max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    class Meta(ProviderForm.Meta):
        fields = ["name", "key", "issuer", "client_id", "secret_text", "scopes", *MEANING, *FIRST_SIGN_IN, *SECOND_STEP]
        help_texts = {
            **HELP,
            "issuer": _("Exactly as the provider writes it, for example https://login.microsoftonline.com/TENANT/v2.0"),
            "scopes": _("Separated by blanks."),
        }

    field_order = ["name", "key", "issuer", "client_id", "secret_text", "scopes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("issuer", "client_id"):
            self.fields[name].required = True
        stored = bool(self.instance.secret)
        self.fields["secret_text"].required = not stored
        self.fields["secret_text"].help_text = (
            _("One is stored and is never shown. Leave this empty to keep it.") if stored else _("Stored encrypted.")
        )

    def clean_issuer(self) -> str:
        """Its description is read at once: a wrong address is found here and not by people who want to sign in."""
        issuer = str(self.cleaned_data["issuer"]).strip()
        try:
            self.instance.discovery = read_discovery(issuer)
            _note_read(self.instance)
        except OAuth2Error as error:
            text = gettext("The provider's description could not be read: %(why)s") % {"why": error}
            raise forms.ValidationError(text) from error
        return issuer


class SAMLForm(ProviderForm):
    metadata_url = forms.URLField(
        label=_("Address of the metadata"), required=False, max_length=500, assume_scheme="https",
        help_text=_("It is read now and every day: a new certificate is taken over by itself. "
                    "Leave it empty to paste."),
    )  # fmt: skip
    metadata_text = forms.CharField(
        label=_("Or paste the metadata"), required=False, max_length=LARGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    metadata_file = forms.FileField(label=_("Or upload the metadata"), required=False)

    class Meta(ProviderForm.Meta):
        fields = ["name", "key", "metadata_url", *MEANING, *FIRST_SIGN_IN, *SECOND_STEP, *KEYS]

    field_order = ["name", "key", "metadata_url", "metadata_text", "metadata_file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pasted, not written: nobody counts what is left of a million characters.
        self.fields["metadata_text"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            found = self._metadata(data)
        except MetadataError as error:
            raise forms.ValidationError(str(error)) from error
        if found:
            self.instance.entity_id = found.entity_id
            self.instance.sso_url, self.instance.certificates = found.sso_url, found.certificates
            _note_read(self.instance)
        elif not self.instance.entity_id and not self.errors:
            raise forms.ValidationError(gettext("Give the metadata: its address, its text or the file."))
        return data

    def _metadata(self, data: dict[str, Any]) -> Metadata | None:
        upload: UploadedFile[bytes] | None = data.get("metadata_file")
        if upload:
            if (upload.size or 0) > LARGEST:
                raise MetadataError(gettext("This file is too large to be metadata."))
            return read_metadata(upload.read())
        if data.get("metadata_text"):
            return read_metadata(data["metadata_text"].encode())
        return fetch_metadata(data["metadata_url"]) if data.get("metadata_url") else None


class RuleForm(forms.ModelForm[MappingRule]):
    department = DepartmentField(label=_("Gives the department"), required=False, empty_label=_("none"))
    branch = DepartmentField(label=_("Role for"), required=False, empty_label=_("the whole organisation"))

    class Meta:
        model = MappingRule
        fields = ["attribute", "value", "department", "role", "branch"]
        help_texts = {
            "attribute": _("As it came in the test, for example groups"),
            "value": _("Whole and exact, for example the group's id"),
        }
        labels = {"role": _("Gives the role")}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("department") and not data.get("role"):
            raise forms.ValidationError(gettext("Choose a department, a role or both that this value gives."))
        if not data.get("role"):
            data["branch"] = None
        check_reach(self, [data.get("role", "")])
        return data


def _note_read(provider: IdentityProvider) -> None:
    provider.read_at, provider.read_problem, provider.failing_since = timezone.now(), "", None


def _is_plain(address: str) -> bool:
    """Nothing that could end a directive of the content security policy."""
    return all(character.isalnum() or character in ":/.-" for character in address)
