from coe_portal.people.models import User
from coe_portal.tokens.actions import make_token
from coe_portal.tokens.models import AccessToken


def token_for(owner: User, *scopes: str, **fields: object) -> tuple[AccessToken, dict[str, str]]:
    """A token and the headers that show it."""
    token, secret = make_token(by=owner, name="Identity provider", scopes=scopes, **fields)  # type: ignore[arg-type]
    return token, {"Authorization": f"Bearer {secret}"}
