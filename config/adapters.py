"""What allauth asks of us: whether strangers may sign up, and how second factors are kept."""

import base64
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest

from crmsync.fields import build_cipher


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts arise by invitation, or an administrator makes them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class FactorAdapter(DefaultMFAAdapter):
    """Keeps what authenticator apps and recovery codes are made from encrypted, as the webhooks are."""

    def encrypt(self, text: str) -> str:
        return build_cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return build_cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The keys have changed. No code may match any more, and those of a constant could be computed.
            return base64.b32encode(secrets.token_bytes(20)).decode()
