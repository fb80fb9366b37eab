"""Every refusal of the API in one shape: a code for programs, a sentence for people, the parameter it is about."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, NotFound, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

# In the place of the framework's own words.
SENTENCES = {
    "not_authenticated": gettext_lazy("Log in, or send a token of yours in the header Authorization: Bearer …."),
    "not_found": gettext_lazy("There is nothing here that you may see."),
    "method_not_allowed": gettext_lazy("The API only reads: use GET."),
    "not_acceptable": gettext_lazy("The API answers with JSON only: ask for application/json."),
}


def refuse(code: str, text: str, *, parameter: str) -> ValidationError:
    """Build the refusal of one parameter; the text is a translated sentence."""
    return ValidationError({parameter: [text]}, code=code)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception. Shape: code, detail, parameter. Empty: None for what is a fault of ours."""
    response = exception_handler(error, context)
    if response is None:
        return None
    known = error if isinstance(error, APIException) else NotFound()
    response.data = describe_invalid(known) if isinstance(known, ValidationError) else describe_refusal(known)
    return response


def describe_refusal(error: APIException) -> dict[str, Any]:
    """Describe a refusal of the whole request."""
    code = str(error.get_codes())
    sentence = str(SENTENCES.get(code, error.detail))
    if isinstance(error, Throttled):
        sentence = _("Too many requests: try again in %(seconds)s s.") % {"seconds": getattr(error, "wait", None) or 1}
    return {"code": code, "detail": sentence, "parameter": None}


def describe_invalid(error: ValidationError) -> dict[str, Any]:
    """Describe the first parameter that is wrong; one sentence at a time."""
    told = as_serializer_error(error)
    name = next(iter(told))
    first = next(find_leaves(told[name]))
    sentence = str(first) if first.code not in FRAMEWORKS else f"{name}: {first}"
    return {"code": first.code, "detail": sentence, "parameter": name}


# Sentences of the framework do not name the parameter themselves.
FRAMEWORKS = {
    "invalid",
    "required",
    "blank",
    "null",
    "min_value",
    "max_value",
    "max_length",
    "max_string_length",
    "invalid_choice",
    "null_characters_not_allowed",
    "surrogate_characters_not_allowed",
}


def find_leaves(detail: Any) -> Iterator[Any]:
    """Find the sentences in what the framework nests, the first one first."""
    inner = detail.values() if isinstance(detail, dict) else detail if isinstance(detail, list) else ()
    if isinstance(detail, dict | list):
        for each in inner:
            yield from find_leaves(each)
    else:
        yield detail
