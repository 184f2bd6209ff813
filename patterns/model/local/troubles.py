"""What llama.cpp says went wrong, as one of our errors."""

from __future__ import annotations

from patterns.errors import BadRequest, ContextOverflow, ModelError, PatternsError, TransientError
from patterns.exchange import Request

_GARBLED = "does not match the expected"
_SCHEMA = "JSON schema error"
_LONGEST = 400


def trouble(request: Request, error: object) -> ModelError:
    """Read the error that came in the place of a chunk."""
    words = str(getattr(error, "message", ""))[:_LONGEST]
    if getattr(error, "type", None) == "exceed_context_size_error":
        return _overflow(request, error)
    if _GARBLED in words:
        return TransientError(
            f"{request.model}: what the model wrote is no text that llama.cpp can read",
            model=request.model,
            hint="bytes that are no characters, mostly: ask again, or take a model that writes better",
        )
    code = getattr(error, "code", None)
    kind = BadRequest if isinstance(code, int) and 400 <= code < 500 else TransientError
    return kind(f"{request.model}: llama.cpp says: {words}", model=request.model)


def failure(request: Request, error: Exception) -> PatternsError:
    """Read what was raised before the first chunk: an error of ours, or the library's."""
    if isinstance(error, PatternsError):
        return error
    words = str(error)[:_LONGEST]
    hint = ""
    if _SCHEMA in words:
        words = words[words.index(_SCHEMA) :]
        hint = "mode='prompted' asks for the shape in words, and checks it all the same"
    return BadRequest(f"{request.model}: llama.cpp says: {words}", model=request.model, hint=hint)


def _overflow(request: Request, error: object) -> ContextOverflow:
    told = getattr(error, "n_prompt_tokens", None)
    window = getattr(error, "n_ctx", None)
    return ContextOverflow(
        f"{request.model}: the messages are {told} tokens, and the model is loaded to read {window}",
        model=request.model,
        hint=f"shorten them, or load it with more: ?context={_wider(told)} behind its name",
    )


def _wider(told: object) -> int | str:
    """The next power of two that leaves room for an answer."""
    return 1 << (int(told * 1.25)).bit_length() if isinstance(told, int) else "…"
