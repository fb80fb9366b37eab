"""Errors: the class says who must act, whatever shape the portal gave them, and the text is fit to be shown."""

import pickle
from typing import Any

import pytest

from crmsync.bitrix24 import errors
from crmsync.bitrix24.errors import classify

CLASSED = [
    (503, "QUERY_LIMIT_EXCEEDED", errors.LimitedError),
    (503, "query_limit_exceeded", errors.LimitedError),
    (503, "OVERLOAD_LIMIT", errors.BlockedError),
    (429, "OPERATION_TIME_LIMIT", errors.LimitedError),
    (200, "OPERATION_TIME_LIMIT", errors.LimitedError),
    (500, "INTERNAL_SERVER_ERROR", errors.TransientError),
    (400, "ERROR_UNEXPECTED_ANSWER", errors.TransientError),
    (401, "expired_token", errors.ConfigurationError),
    (401, "invalid_token", errors.ConfigurationError),
    (401, "NO_AUTH_FOUND", errors.ConfigurationError),
    (403, "INVALID_CREDENTIALS", errors.ConfigurationError),
    (401, "insufficient_scope", errors.ScopeError),
    (403, "insufficient_scope", errors.ScopeError),
    (401, "PAYMENT_REQUIRED", errors.ConfigurationError),
    (500, "PORTAL_DELETED", errors.ConfigurationError),
    (410, "PORTAL_DELETED", errors.ConfigurationError),
    (200, "wrong_client", errors.ConfigurationError),
    (403, "ACCESS_DENIED", errors.ScopeError),
    (404, "ERROR_METHOD_NOT_FOUND", errors.RequestError),
    (400, "INVALID_ARG_VALUE", errors.RequestError),
    (400, 200040300010, errors.RequestError),
    (400, "100", errors.RequestError),
    (400, 0, errors.RequestError),
    (400, "Invalid parameters.", errors.RequestError),
    (500, "SOMETHING_NEW", errors.TransientError),
    (400, {"code": "insufficient_scope", "message": "v3"}, errors.ScopeError),
]
TOLD_BY_TEXT = [
    ("", "Not found", errors.RequestError, "HTTP_400"),
    ("0", "Access denied.", errors.ScopeError, "0"),
    ("ACCESS_DENIED", "REST API is available only on commercial plans", errors.ConfigurationError, "ACCESS_DENIED"),
    ("INVALID_REQUEST", "Https required", errors.ConfigurationError, "INVALID_REQUEST"),
    ("INVALID_REQUEST", "Bad filter", errors.RequestError, "INVALID_REQUEST"),
]
PAGES = [
    (500, errors.TransientError),
    (502, errors.TransientError),
    (200, errors.TransientError),
    (429, errors.LimitedError),
    (403, errors.ConfigurationError),
    (404, errors.ConfigurationError),
]


@pytest.mark.parametrize(("status", "code", "kind"), CLASSED)
def test_code_decides_the_class(status: int, code: Any, kind: type) -> None:
    error = classify(status=status, body={"error": code, "error_description": ""}, method="crm.item.list")
    assert type(error) is kind


@pytest.mark.parametrize(("code", "text", "kind", "shown"), TOLD_BY_TEXT)
def test_text_decides_where_the_code_says_nothing(code: str, text: str, kind: type, shown: str) -> None:
    error = classify(status=400, body={"error": code, "error_description": text}, method="crm.item.get")
    assert (type(error), error.code) == (kind, shown)


@pytest.mark.parametrize(("status", "kind"), PAGES)
def test_status_decides_where_there_is_no_json(status: int, kind: type) -> None:
    error = classify(status=status, body=None, method="profile")
    assert (type(error), error.code) == (kind, f"HTTP_{status}")


def test_two_meanings_of_503_differ() -> None:
    limited, blocked = (
        classify(status=503, body={"error": code}, method="profile")
        for code in ("Query_Limit_Exceeded", "Overload_Limit")
    )
    assert (limited.code, blocked.code) == ("QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT")
    assert str(limited.advice) != str(blocked.advice)


def test_text_says_what_to_do_and_where() -> None:
    error = classify(status=401, body={"error": "no_auth_found", "error_description": "Wrong data."}, method="profile")
    assert str(error) == f"{str(error.advice).rstrip('.')} (NO_AUTH_FOUND, profile: Wrong data)."


def test_text_holds_no_tags_no_addresses_and_has_an_end() -> None:
    hostile = (
        "<script>alert(1)</script><img src=x onerror='https://acme.ru/rest/1/k3y/profile /rest/1/k3y/x " + "a" * 999
    )
    error = classify(status=400, body={"error": hostile, "error_description": hostile}, method="profile")
    assert [part for part in ("<", "k3y", "acme.ru") if part in str(error).lower()] == []
    assert len(error.description) <= 200 and len(error.code) <= 80


def test_comparison_signs_survive() -> None:
    error = classify(status=400, body={"error": "", "error_description": "bad key <>id> & 'x'"}, method="m")
    assert error.description == "bad key <>id> & 'x'"


def test_secret_is_concealed_everywhere() -> None:
    body = {"error": "no s3cret", "error_description": "s3cret"}
    error = classify(status=400, body=body, method="profile", conceal=lambda text: text.replace("s3cret", "***"))
    assert "s3cret" not in f"{error}{error!r}{error.args}{vars(error)}".lower()


def test_error_survives_pickling() -> None:
    error = errors.LimitedError("OPERATION_TIME_LIMIT", method="user.get", description="x")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copy), copy.code, copy.method, str(copy)) == (type(error), error.code, "user.get", str(error))


def test_scope_is_a_matter_of_configuration() -> None:
    assert issubclass(errors.ScopeError, errors.ConfigurationError)
    assert issubclass(errors.NotExecuted, errors.TransientError)
