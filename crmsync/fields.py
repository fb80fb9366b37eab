"""Model fields of our own: secrets encrypted at rest, and money that sums exactly on every database."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.expressions import Combinable

MICROS = Decimal(1_000_000)


@lru_cache(maxsize=4)
def build_cipher(keys: tuple[str, ...]) -> MultiFernet:
    """Build the cipher that writes with the first key and reads with any."""
    return MultiFernet([Fernet(key) for key in keys])


class Sealed(str):
    """Encrypted text for which no key is at hand; it reads as nothing and is stored as it came."""

    token: str = ""


def seal(token: str) -> Sealed:
    """Keep an unreadable value for the day its key comes back."""
    sealed = Sealed("")
    sealed.token = token
    return sealed


class EncryptedTextField(models.TextField):
    """Text that the database holds encrypted; keys come from FIELD_ENCRYPTION_KEYS, the newest first.

    *Empty*: Sealed where the keys have changed, so that pages still open and nothing stored is lost.
    """

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return build_cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(value.encode()).decode()
        except InvalidToken:
            return seal(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        text = super().get_prep_value(value)
        if not text:
            return text
        return build_cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def to_micros(amount: Decimal) -> int:
    """Turn an amount into whole millionths, half to even."""
    return int((amount * MICROS).to_integral_value(ROUND_HALF_EVEN))


def from_micros(micros: int) -> Decimal:
    """Turn millionths back into an exact amount."""
    return Decimal(micros) / MICROS


class MoneyField(models.BigIntegerField):
    """An amount in the portal's base currency, stored as whole millionths and read as Decimal.

    SQLite keeps a DecimalField as floating point, and its SUM drifts; whole numbers add up
    exactly on both databases (ADR 0002). Units: base currency, ±9.2e12, six decimals.
    """

    # What type checkers are told of values set and read.
    _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int  # type: ignore[assignment]

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else from_micros(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else to_micros(Decimal(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class ExactField(models.CharField):
    """A number with all its digits, kept as text and read as Decimal; it is shown and hashed, never added up by SQL."""

    _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 64
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)
