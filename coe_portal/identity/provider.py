"""Where allauth looks for the kinds of provider that there are."""

from coe_portal.identity.oidc.provider import PortalOpenIDConnectProvider
from coe_portal.identity.saml.provider import PortalSAMLProvider

provider_classes = [PortalOpenIDConnectProvider, PortalSAMLProvider]
