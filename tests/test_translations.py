"""The Russian catalogue is whole: every message is translated, with its placeholders and all plural forms."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr%]|\{\w*\}")
RUSSIAN_PLURALS = 3


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = Path(settings.BASE_DIR) / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def list_texts(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def list_messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def find_placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text.replace("100 %", "")))


def test_every_message_is_translated(catalogue: Catalog) -> None:
    wanting = [
        message.id for message in list_messages(catalogue) if message.fuzzy or not all(list_texts(message.string))
    ]
    assert wanting == []


def test_placeholders_are_kept(catalogue: Catalog) -> None:
    broken = [
        message.id
        for message in list_messages(catalogue)
        for text in list_texts(message.string)
        if find_placeholders(text) != find_placeholders(list_texts(message.id)[-1])
    ]
    assert broken == []


def test_plurals_have_the_forms_of_russian(catalogue: Catalog) -> None:
    plurals = [message for message in list_messages(catalogue) if message.pluralizable]
    assert plurals
    assert {len(list_texts(message.string)) for message in plurals} == {RUSSIAN_PLURALS}


@pytest.mark.parametrize(
    ("original", "translation"), [("%(done)s of", "%(dene)s из"), ("%d deals", "сделок"), ("see {host}", "см. {hots}")]
)
def test_changed_placeholder_is_found(original: str, translation: str) -> None:
    assert find_placeholders(original) != find_placeholders(translation)
