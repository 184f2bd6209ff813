"""The one table from litellm's exceptions to our errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    BudgetExceeded,
    ContextOverflow,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
    Unreadable,
)
from patterns.model.known import key_variables, near_names
from patterns.model.symptoms import Symptoms, symptoms

Kind = type[PatternsError]

CLASSES: Mapping[str, Kind] = {
    "APIConnectionError": TransientError,
    "APIError": TransientError,
    "APIResponseValidationError": TransientError,
    "AuthenticationError": AuthenticationError,
    "BadGatewayError": TransientError,
    "BadRequestError": BadRequest,
    "BlockedPiiEntityError": Refused,
    "BudgetExceededError": BudgetExceeded,
    "ContentPolicyViolationError": Refused,
    "ContextWindowExceededError": ContextOverflow,
    "GuardrailInterventionNormalStringError": Refused,
    "GuardrailRaisedException": Refused,
    "ImageFetchError": BadRequest,
    "InternalServerError": TransientError,
    "InvalidRequestError": BadRequest,
    "JSONSchemaValidationError": Unreadable,
    "LiteLLMUnknownProvider": UnknownModel,
    "MidStreamFallbackError": TransientError,
    "MockException": TransientError,
    "ModelNotMappedError": UnknownModel,
    "ModifyResponseException": Refused,
    "NotFoundError": UnknownModel,
    "OpenAIError": TransientError,
    "PaymentRequiredError": QuotaExceeded,
    "PermissionDeniedError": AuthenticationError,
    "RateLimitError": TransientError,
    "RejectedRequestError": Refused,
    "SensitiveDataRouteException": Refused,
    "ServiceUnavailableError": TransientError,
    "Timeout": TransientError,
    "UnprocessableEntityError": BadRequest,
    "UnsupportedParamsError": BadRequest,
    "VectorStoreSearchError": BadRequest,
}
"""By the class's name, where nothing below says better."""

VAGUE = frozenset(
    {
        "APIError",
        "APIConnectionError",
        "BadRequestError",
        "InternalServerError",
        "MockException",
        "OpenAIError",
        "MidStreamFallbackError",
    }
)
"""Classes that litellm also uses for what it cannot place: their status is looked at first."""

STATUSES: Mapping[int, Kind] = {
    401: AuthenticationError,
    402: QuotaExceeded,
    403: AuthenticationError,
    404: UnknownModel,
    408: TransientError,
    409: TransientError,
    429: TransientError,
}

CODES: Mapping[str, Kind] = {
    "insufficient_quota": QuotaExceeded,
    "billing_hard_limit_reached": QuotaExceeded,
    "billing_error": QuotaExceeded,
    "context_length_exceeded": ContextOverflow,
    "string_above_max_length": ContextOverflow,
    "content_policy_violation": Refused,
    "content_filter": Refused,
    "model_not_found": UnknownModel,
    "invalid_api_key": AuthenticationError,
    "overloaded_error": TransientError,
    "rate_limit_exceeded": TransientError,
}
"""By the provider's own code, which is never wrong where there is one."""

SIGNS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(
            r"missing credentials|missing \w+ api key|api_key client option must be set|unable to locate credentials",
            re.I,
        ),
        AuthenticationError,
    ),
    (re.compile(r"LLM Provider NOT provided", re.I), UnknownModel),
    (re.compile(r"credit balance is too low|exceeded your current quota", re.I), QuotaExceeded),
    (re.compile(r"API key not valid|incorrect api key", re.I), AuthenticationError),
    (re.compile(r"prompt is too long|maximum context length|input is too long", re.I), ContextOverflow),
)
"""By words, where class and status are known to lie: litellm calls a missing key a server error."""

_HTML = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.I)


def convert(error: BaseException, model: str, *, host: str = "", raw_text: str = "") -> PatternsError:
    """Turn an exception into one of ours: small, picklable, free of secrets. Raise it outside the `except`, so that
    no frame of litellm's, which hold the key, hangs on it as its context."""
    found = symptoms(error)
    found = replace(found, host=host or found.host)
    return _BUILDERS.get(diagnose(found), _build)(error, found, model, raw_text or found.partial)


def diagnose(found: Symptoms) -> Kind:
    """Which error it is: by the provider's code, by words that expose a wrong class, by status, by class."""
    if found.code in CODES:
        return CODES[found.code]
    for sign, kind in SIGNS:
        if sign.search(found.words):
            return kind
    if found.kind in VAGUE and found.status is not None and found.status < 500:
        return STATUSES.get(found.status, CLASSES[found.kind] if found.kind == "BadRequestError" else BadRequest)
    return CLASSES.get(found.kind, TransientError if not found.connected else BadRequest)


def _build(error: BaseException, found: Symptoms, model: str, raw_text: str) -> PatternsError:
    kind = diagnose(found)
    assert issubclass(kind, _MODEL_ERRORS), f"{kind} needs a builder of its own"
    message, hint = _MESSAGES.get(kind, _plainly)(found, model)
    return kind(
        message,
        model=model,
        status=found.status if found.headers or kind is not TransientError else None,
        retry_after=found.retry_after,
        paid=_paid(found, raw_text),
        raw_text=raw_text,
        hint=hint,
    )


_MODEL_ERRORS = (AuthenticationError, BadRequest, ContextOverflow, QuotaExceeded, TransientError, UnknownModel)


def _paid(found: Symptoms, raw_text: str) -> bool | None:
    """A refusal by status costs nothing; of a connection that broke nobody knows."""
    if raw_text:
        return True
    return False if found.connected and not _HTML.search(found.words) else None


def _plainly(found: Symptoms, model: str) -> tuple[str, str]:
    return f"{model}: {found.words}", ""


def _transient(found: Symptoms, model: str) -> tuple[str, str]:
    if _HTML.search(found.words):
        host = f" from {found.host}" if found.host else ""
        return (
            f"{model}: a web page came back{host} where JSON was due: {found.words[:200]}",
            "is a proxy or a login page in between?",
        )
    if not found.connected:
        host = found.host or "the provider"
        return (
            f"{model}: no connection to {host}, or it broke: {found.words}",
            "check the network, the host name and api_base",
        )
    return f"{model}: {found.words}", ""


def _authentication(found: Symptoms, model: str) -> tuple[str, str]:
    names = " or ".join(key_variables(model)) or "the provider's key variable"
    return f"{model}: {found.words}", f"set {names} to a valid key, or use model='rules' without one"


def _unknown(found: Symptoms, model: str) -> tuple[str, str]:
    near = near_names(model)
    hint = f"did you mean {', '.join(near)}?" if near else "write it as provider/model, such as openai/gpt-4.1-mini"
    words = "no provider of that name" if "LLM Provider NOT provided" in found.words else found.words
    return f"unknown model {model!r}: {words}", hint


def _bad_request(found: Symptoms, model: str) -> tuple[str, str]:
    if found.kind == "UnsupportedParamsError":
        words = re.split(r"\. To drop these|, or set `?litellm|\. \n| If you want to use", found.words)[0]
        return f"{model}: {words}", "leave the parameter out, or pass extra={'drop_params': True} to have it dropped"
    return f"{model}: {found.words}", ""


_MESSAGES = {
    TransientError: _transient,
    AuthenticationError: _authentication,
    UnknownModel: _unknown,
    BadRequest: _bad_request,
}


def _refused(error: BaseException, found: Symptoms, model: str, raw_text: str) -> PatternsError:
    return Refused(
        f"{model}: {found.words}", raw_text=raw_text, hint="the provider's filter declined; reword the input"
    )


def _budget(error: BaseException, found: Symptoms, model: str, raw_text: str) -> PatternsError:
    spent, limit = getattr(error, "current_cost", 0.0), getattr(error, "max_budget", 0.0)
    return BudgetExceeded(found.words, spent=spent, limit=limit, hint="litellm.max_budget is set; raise it")


def _unreadable(error: BaseException, found: Symptoms, model: str, raw_text: str) -> PatternsError:
    return Unreadable(f"{model}: {found.words}", raw_text=raw_text or str(getattr(error, "raw_response", "")))


_BUILDERS = {Refused: _refused, BudgetExceeded: _budget, Unreadable: _unreadable}
