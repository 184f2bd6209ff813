"""The one table from litellm's exceptions to our errors, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
from patterns.model.symptoms import Symptoms

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
    (re.compile(r"Error converting to valid response block"), TransientError),
    (re.compile(r"credit balance is too low|exceeded your current quota", re.I), QuotaExceeded),
    (re.compile(r"API key not valid|incorrect api key", re.I), AuthenticationError),
    (re.compile(r"prompt is too long|maximum context length|input is too long", re.I), ContextOverflow),
)
"""By words, where class and status are known to lie: litellm calls a missing key a server error."""


def diagnose(found: Symptoms) -> Kind:
    """Which error it is: by the provider's code, by words that expose a wrong class, by status, by class."""
    if found.code in CODES:
        return CODES[found.code]
    for sign, kind in SIGNS:
        if sign.search(found.words):
            return kind
    if found.kind in VAGUE and found.status is not None and found.status >= 500:
        return TransientError
    if found.kind in VAGUE and found.status is not None:
        return STATUSES.get(found.status, CLASSES[found.kind] if found.kind == "BadRequestError" else BadRequest)
    return CLASSES.get(found.kind, TransientError if not found.connected else BadRequest)
