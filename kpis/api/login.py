"""Log-in by a personal token: `Authorization: Bearer itogi_…`; browsers use the session of the site."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crmsync.models import ApiToken
from crmsync.tokens import find_token, note_use

SCHEME = "bearer"


class TokenLogin(BaseAuthentication):
    """Acts in the name of a token's owner."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiToken] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        now = timezone.now()
        token = find_token(text.strip(), now=now)
        if token is None:
            raise AuthenticationFailed(
                _("This token is wrong, has expired or was revoked: make another one."), code="wrong_token"
            )
        note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Itogi"'


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the log-in by token."""

    target_class = "kpis.api.login.TokenLogin"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": SCHEME, "description": "A personal token; its owner makes it at /tokens/."}
