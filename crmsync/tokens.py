"""Personal tokens for programs: made, found, noted as used, revoked. Only a digest is stored, never the token."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crmsync.models import ApiToken

log = structlog.get_logger(__name__)
# The prefix lets people, and programs that look for leaked secrets, recognise a token.
TOKEN = re.compile(r"itogi_(?P<key>[0-9a-f]{12})_[0-9a-f]{48}")
KEY_BYTES, SECRET_BYTES = 6, 24
# What no text has for a digest, so that an unknown key takes as long as a wrong secret.
NO_DIGEST = "-" * 64
NOTED_EVERY = timedelta(hours=1)
MOST_TOKENS = 20


class TokenLimitError(Exception):
    """A user has as many tokens as one may have; the text is a translated sentence."""


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token, and its text, which nobody can find out again."""

    token: ApiToken
    text: str = field(repr=False)


def make_token(user: AbstractBaseUser, *, name: str, lifetime: timedelta, now: datetime) -> MadeToken:
    """Make a token of a user. Raises: TokenLimitError."""
    if select_living(user, now=now).count() >= MOST_TOKENS:
        raise TokenLimitError(_("You have %(count)s tokens: revoke one first.") % {"count": MOST_TOKENS})
    key = secrets.token_hex(KEY_BYTES)
    text = f"itogi_{key}_{secrets.token_hex(SECRET_BYTES)}"
    token = ApiToken.objects.create(
        user_id=user.pk, name=name, key=key, digest=take_digest(text), created_at=now, expires_at=now + lifetime
    )
    log.info("token.made", token=key, user=user.pk)
    return MadeToken(token, text)


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """Find the living token of an active user. Empty: None for any other text; nothing tells why."""
    match = TOKEN.fullmatch(text)
    token = ApiToken.objects.select_related("user").filter(key=match["key"]).first() if match else None
    is_right = compare_digest(token.digest if token else NO_DIGEST, take_digest(text))
    if token is None or not is_right or token.revoked_at or token.expires_at <= now:
        return None
    return token if token.user.is_active else None


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Note when a token was last used, at most once an hour: reading must not always write."""
    unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


def revoke_token(user: AbstractBaseUser, key: str, *, now: datetime) -> bool:
    """Revoke a user's own token. Returns whether there was one that still held."""
    revoked = select_living(user, now=now).filter(key=key).update(revoked_at=now)
    if revoked:
        log.info("token.revoked", token=key, user=user.pk)
    return bool(revoked)


def select_living(user: AbstractBaseUser, *, now: datetime) -> "QuerySet[ApiToken]":
    """Select a user's tokens that still hold, the newest first."""
    held = ApiToken.objects.filter(user=user.pk, revoked_at=None, expires_at__gt=now)
    return held.order_by("-created_at", "-pk")


def take_digest(text: str) -> str:
    """Take the SHA-256 of a token; it is random enough to need no slower hash."""
    return hashlib.sha256(text.encode()).hexdigest()
