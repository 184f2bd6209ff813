"""Turns an exception of litellm's into one of our errors, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from patterns.errors import (
    AuthenticationError,
    BadRequest,
    BudgetExceeded,
    ContextOverflow,
    ModelError,
    PatternsError,
    QuotaExceeded,
    Refused,
    TransientError,
    UnknownModel,
    Unreadable,
)
from patterns.model.failures import diagnose
from patterns.model.known import key_variables, near_names
from patterns.model.symptoms import Symptoms, symptoms

_ADVICE = re.compile(r"\. To drop (?:these|unsupported)|, or set `?litellm| If you want to use")
_SURE = frozenset({"RateLimitError"})
"""Classes whose status litellm does not make up, though it may lose the reply's headers."""
_HTML = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.I)


def convert(error: BaseException, model: str, *, host: str = "", raw_text: str = "") -> PatternsError:
    """Turn an exception into one of ours: small, picklable, free of secrets.

    Raise it outside the `except`, so that no frame of litellm's, which hold the key, hangs on it as its context.
    """
    found = symptoms(error)
    found = replace(found, host=host or found.host)
    return _BUILDERS.get(diagnose(found), _build)(error, found, model, raw_text or found.partial)


def _build(error: BaseException, found: Symptoms, model: str, raw_text: str) -> PatternsError:
    kind = diagnose(found)
    assert issubclass(kind, ModelError), f"{kind} needs a builder of its own"
    message, hint = _MESSAGES.get(kind, _plainly)(found, model)
    strange = kind is TransientError and found.replied is None and (_is_page(found) or not found.understood)
    error = kind(
        message,
        model=model,
        status=None if strange or (kind is TransientError and not _is_sure(found)) else found.status,
        retry_after=found.retry_after,
        paid=_paid(found, raw_text),
        raw_text=raw_text,
        hint=hint,
    )
    if strange:
        error.most_retries = 1  # whoever sits in between will hardly go away while we wait
    return error


def _is_sure(found: Symptoms) -> bool:
    """Tell a status that came from the provider from one that litellm made up."""
    return bool(found.headers) or found.kind in _SURE


def _is_page(found: Symptoms) -> bool:
    return bool(_HTML.search(found.words)) or found.headers.get("content-type", "").startswith("text/html")


def _paid(found: Symptoms, raw_text: str) -> bool | None:
    """A refusal by status costs nothing; of a connection that broke nobody knows."""
    if raw_text:
        return True
    return False if found.connected and found.understood and not _is_page(found) else None


def _plainly(found: Symptoms, model: str) -> tuple[str, str]:
    return f"{model}: {found.words}", ""


def _transient(found: Symptoms, model: str) -> tuple[str, str]:
    if _is_page(found):
        host = f" from {found.host}" if found.host else ""
        return (
            f"{model}: a web page came back{host} where JSON was due: {_page(found.words)}",
            "is a proxy or a login page in between?",
        )
    if not found.connected:
        host = found.host or "the provider"
        return (
            f"{model}: no connection to {host}, or it broke: {found.words}",
            "check the network, the host name and api_base",
        )
    if not found.understood:
        return f"{model}: the reply is not of the form that this provider sends: {found.words}", "check api_base"
    return f"{model}: {found.words}", "it may pass: ask again later, allow more retries=, or name fallbacks=[…]"


def _page(words: str) -> str:
    """The page itself, without what litellm says about it."""
    return words[max(words.find("<"), 0) : words.rfind(">") + 1 or None][:200]


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
        words = _ADVICE.split(found.words)[0]
        return f"{model}: {words}", "leave the parameter out, or pass extra={'drop_params': True} to have it dropped"
    return f"{model}: {found.words}", "the same request will be refused again: change what the message names"


def _overflow(found: Symptoms, model: str) -> tuple[str, str]:
    return f"{model}: {found.words}", "shorten the input, or ask a model that reads more"


def _quota(found: Symptoms, model: str) -> tuple[str, str]:
    return f"{model}: {found.words}", "waiting does not help: fill up the account, or name fallbacks=[…]"


_Words = Callable[[Symptoms, str], tuple[str, str]]
_MESSAGES: Mapping[type[PatternsError], _Words] = {
    TransientError: _transient,
    AuthenticationError: _authentication,
    UnknownModel: _unknown,
    BadRequest: _bad_request,
    ContextOverflow: _overflow,
    QuotaExceeded: _quota,
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


_Builder = Callable[[BaseException, Symptoms, str, str], PatternsError]
_BUILDERS: Mapping[type[PatternsError], _Builder] = {
    Refused: _refused,
    BudgetExceeded: _budget,
    Unreadable: _unreadable,
}
