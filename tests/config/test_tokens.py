"""Personal tokens: made once, kept as a digest, refused when expired, revoked, strange or of somebody who left."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from crmsync.models import ApiToken, Role
from crmsync.tokens import MOST_TOKENS, MadeToken, TokenLimitError, find_token, make_token, revoke_token
from kpis.api.limits import COUNTS

TEXT = re.compile(r"itogi_[0-9a-f]{12}_[0-9a-f]{48}")


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Begin without requests that other tests have made."""
    COUNTS.clear()
    yield


@pytest.fixture
def olga(db: None) -> User:
    user = User.objects.create_user("olga")
    user.groups.set(Group.objects.filter(name=Role.ADMINISTRATOR))
    return user


@pytest.fixture
def made(olga: User) -> MadeToken:
    return make_token(olga, name="Отчёт", lifetime=timedelta(days=30), now=timezone.now())


@pytest.fixture
def page(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def knock(text: str, *, days: float = 0) -> int:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return Client().get("/api/v1/employees/me/", headers={"authorization": f"Bearer {text}"}).status_code


def test_token_lets_its_owner_in(made: MadeToken) -> None:
    response = Client().get("/api/v1/employees/me/", headers={"authorization": f"bearer {made.text}"})
    assert response.json()["user"] == "olga"


def test_only_a_digest_is_stored(made: MadeToken) -> None:
    stored = repr(ApiToken.objects.values().get())
    secret = made.text.rsplit("_", 1)[1]
    assert TEXT.fullmatch(made.text)
    # 160 bits and more cannot be guessed, so nothing slower than SHA-256 is needed.
    assert len(secret) * 4 >= 160
    assert secret not in stored
    assert made.text not in repr(made)


def test_token_holds_until_it_expires(made: MadeToken) -> None:
    assert (knock(made.text, days=29.9), knock(made.text, days=30)) == (200, 401)


def test_revoked_token_is_refused(olga: User, made: MadeToken) -> None:
    assert revoke_token(olga, made.token.key, now=timezone.now())
    assert knock(made.text) == 401


def test_token_of_who_left_is_refused(olga: User, made: MadeToken) -> None:
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert knock(made.text) == 401


@pytest.mark.parametrize("change", [lambda text: text[:-1] + "x", lambda text: text.upper(), lambda text: text + "0"])
def test_changed_token_is_refused(made: MadeToken, change: Any) -> None:
    assert knock(change(made.text)) == 401


def test_secret_of_another_token_is_refused(olga: User, made: MadeToken) -> None:
    other = make_token(olga, name="Другой", lifetime=timedelta(days=1), now=timezone.now())
    mixed = made.text.rsplit("_", 1)[0] + "_" + other.text.rsplit("_", 1)[1]
    assert find_token(mixed, now=timezone.now()) is None


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer Ключ", "Basic b2xnYTpvbGdh", "", "x" * 5000]
)
def test_strange_header_is_refused(db: None, header: str) -> None:
    assert Client().get("/api/v1/kpis/", headers={"authorization": header}).status_code == 401


def test_use_is_noted_at_most_once_an_hour(made: MadeToken) -> None:
    def find_noted() -> Any:
        return ApiToken.objects.get().last_used_at

    knock(made.text)
    first = find_noted()
    assert first is not None
    knock(made.text, days=0.9 / 24)
    assert find_noted() == first
    knock(made.text, days=1.1 / 24)
    assert find_noted() > first


def test_noted_use_costs_no_more_queries(made: MadeToken, django_assert_max_num_queries: Any) -> None:
    knock(made.text)
    with django_assert_max_num_queries(5) as asked:
        knock(made.text)
    assert not [query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]


def test_as_many_tokens_as_one_may_have(olga: User) -> None:
    now = timezone.now()
    for _ in range(MOST_TOKENS):
        make_token(olga, name="x", lifetime=timedelta(days=1), now=now)
    with pytest.raises(TokenLimitError, match=str(MOST_TOKENS)):
        make_token(olga, name="x", lifetime=timedelta(days=1), now=now)
    make_token(olga, name="x", lifetime=timedelta(days=1), now=now + timedelta(days=2))


def test_page_shows_a_new_token_once(page: Client) -> None:
    text = TEXT.search(page.post("/tokens/", {"name": "Отчёт", "days": 90}).content.decode())
    assert text
    assert knock(text[0]) == 200
    again = page.get("/tokens/")
    assert text[0] not in again.content.decode()
    assert text[0][:18] in again.content.decode()
    assert "no-store" in again["Cache-Control"]


def test_secret_is_in_no_log(page: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        text = TEXT.search(page.post("/tokens/", {"name": "Отчёт", "days": 90}).content.decode())
    assert text
    knock(text[0])
    assert text[0] not in caplog.text


@pytest.mark.parametrize("asked", [{}, {"name": "", "days": 30}, {"name": "x", "days": 31}, {"name": "\0", "days": 30}])
def test_page_refuses_what_is_no_token(page: Client, asked: dict[str, Any]) -> None:
    assert page.post("/tokens/", asked).status_code == (400 if asked else 200)
    assert not ApiToken.objects.exists()


def test_page_says_that_there_are_enough(page: Client, olga: User) -> None:
    for _ in range(MOST_TOKENS):
        make_token(olga, name="x", lifetime=timedelta(days=1), now=timezone.now())
    response = page.post("/tokens/", {"name": "Ещё", "days": 30})
    assert (response.status_code, ApiToken.objects.count()) == (400, MOST_TOKENS)


def test_one_revokes_ones_own_tokens(page: Client, made: MadeToken) -> None:
    assert page.post(f"/tokens/{made.token.key}/revoke/").status_code == 302
    assert knock(made.text) == 401
    assert page.post(f"/tokens/{made.token.key}/revoke/").status_code == 404


def test_foreign_token_is_neither_shown_nor_revoked(client: Client, made: MadeToken) -> None:
    client.force_login(User.objects.create_user("eve"))
    assert made.token.key not in client.get("/tokens/").content.decode()
    assert client.post(f"/tokens/{made.token.key}/revoke/").status_code == 404
    assert knock(made.text) == 200


def test_stranger_is_sent_to_log_in(client: Client, made: MadeToken) -> None:
    for response in (client.get("/tokens/"), client.post(f"/tokens/{made.token.key}/revoke/")):
        assert response.status_code == 302


def test_forged_request_makes_no_token(olga: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(olga)
    assert client.post("/tokens/", {"name": "x", "days": 30}).status_code == 403
    assert not ApiToken.objects.exists()
