"""What an exception of litellm really says: class, status, the provider's code and words, headers, the host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

from pydantic_core import ValidationError

_PREFIX = re.compile(r"^(?:litellm\.\w+: |\w+(?:Error|Exception)(?: \w+Error)? - |\w+Error: |Original exception: )+")
_SUFFIX = re.compile(
    r"(?:\.? Handle with `litellm\.\w+`\.?|\s*Original exception: .*|\s*Traceback \(most recent call last\).*)$",
    re.DOTALL,
)
_CONNECTION = re.compile(r"Connect|Disconnected|ReadError|WriteError|ProtocolError|gaierror|PayloadError|Timeout")
_PUZZLED = (KeyError, TypeError, AttributeError, IndexError, json.JSONDecodeError, ValidationError)
"""What litellm stumbles with over a reply that is not of the provider's form."""
_STRANGE = re.compile(
    r"provider returned 'choices' that is not a list|Invalid response object"
    r"|Empty or invalid response from LLM endpoint|Error converting to valid response block|Unknown items in responses"
)
_LONGEST = 300
_READ = 10_000
"""Characters of an exception's text that are looked at: some hold a whole reply."""


@dataclass(frozen=True, slots=True)
class Symptoms:
    """The facts a diagnosis is made from. `kind` is the exception's class, `code` the provider's own word.

    `replied` is the status of a reply that was a failure, None where there was none or where it said that all is well.
    `connected` is False when the connection broke or was never made, `understood` when litellm stumbled over the reply.
    """

    kind: str
    status: int | None
    code: str
    words: str
    headers: Mapping[str, str]
    host: str
    connected: bool
    understood: bool
    partial: str
    replied: int | None = None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as the reply's headers ask for, in any of the three ways."""
        return _seconds(self.headers)


def symptoms(error: BaseException) -> Symptoms:
    """Read an exception and what stands behind it. litellm's own links of the chain hold made-up requests and hosts."""
    chain = list(_chain(error))
    real = [e for e in chain if not type(e).__module__.startswith("litellm")]
    detail = next((d for d in map(_detail, chain) if d), {})
    replied = next((s for s in map(_reply_status, real) if s), None)
    return Symptoms(
        kind=type(error).__name__,
        status=replied or _status(error),
        code=str(detail.get("code") or detail.get("type") or ""),
        words=_words(error, detail),
        headers=next((h for h in map(_headers, chain) if h), {}),
        host=next((h for h in map(_host, real) if h), ""),
        connected=not any(_CONNECTION.search(type(e).__name__) for e in real),
        understood=not any(isinstance(e, _PUZZLED) for e in real) and not _STRANGE.search(str(error)),
        partial=str(getattr(error, "generated_content", "") or ""),
        replied=replied,
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, what litellm wrapped in it, and their causes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < 12:
        seen.add(id(error))
        yield error
        inner = getattr(error, "original_exception", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__


def _reply_status(error: BaseException) -> int | None:
    """The status of the reply itself, which litellm's exception may have changed."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    try:
        return int(status) if status is not None else None
    except (TypeError, ValueError):
        return None


def _detail(error: BaseException) -> Mapping[str, object]:
    """The `error` object of the reply's JSON, where one is to be found."""
    body = getattr(error, "body", None)
    if not isinstance(body, Mapping):
        body = _parsed(str(getattr(error, "message", "") or error)[:_READ])
    inner = body.get("error", body)
    return inner if isinstance(inner, Mapping) else {}


def _parsed(text: str) -> Mapping[str, object]:
    """The JSON object inside a message such as `AnthropicException - {"type": "error", …}`."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return {}
    try:
        value = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _words(error: BaseException, detail: Mapping[str, object]) -> str:
    """What the provider said, without litellm's wrapping, on one line that fits a log."""
    said = detail.get("message")
    text = said if isinstance(said, str) and said else _SUFFIX.sub("", _PREFIX.sub("", str(error)[:_READ]))
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _headers(error: BaseException) -> Mapping[str, str]:
    for headers in (
        getattr(error, "litellm_response_headers", None),
        getattr(getattr(error, "response", None), "headers", None),
    ):
        if headers:
            return {str(k).lower(): str(v) for k, v in dict(headers).items()}
    return {}


def _host(error: BaseException) -> str:
    """The host that was asked for, never the whole URL: some carry keys."""
    try:
        return str(error.request.url.host or "")  # type: ignore[attr-defined]
    except (AttributeError, RuntimeError):
        return str(getattr(error, "host", "") or "")


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Read `retry-after-ms`, or `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3)."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time()) if value else None
    except ValueError:
        return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
