"""Whether a model can take the images, documents and sounds of a request, told before anything is sent."""

from __future__ import annotations

from functools import lru_cache

from patterns.errors import BadRequest
from patterns.exchange import Request
from patterns.messages import Part, written_size
from patterns.model.known import facts, models_with, provider_of

MOST = 50_000_000
"""Bytes of all parts of a request: the most that any of the large providers takes in one."""
_FLAGS = {"image": "supports_vision", "document": "supports_pdf_input", "audio": "supports_audio_input"}
_NAMES = {"image": "images", "document": "PDF documents", "audio": "sound"}
_ADDRESSED = frozenset({"openai", "anthropic"})
"""Providers that are sent an image's address as it is. For others, litellm would fetch the image from this machine."""
_HEARD = {"openai": frozenset({"audio/wav", "audio/mpeg"})}
"""The sounds that a provider takes, where it does not take all."""


def check_parts(request: Request) -> None:
    """Raise BadRequest for a part that the model is known not to take, or that would not get there as it is.

    What litellm's table does not know is tried. A model that is registered in litellm is known as it was registered.
    """
    parts = [part for message in request.messages if type(message.content) is tuple for part in message.parts]
    if not parts:
        return
    for part in parts:
        _check(part, request.model)
    if (total := sum(len(part.data) for part in parts)) > MOST:
        raise _unfit(
            request.model,
            f"the parts of the request have {written_size(total)} together, and may have {written_size(MOST)}",
            "send fewer at once, or smaller ones",
        )


def _check(part: Part, model: str) -> None:
    provider = provider_of(model)
    if (known := facts(model)) and not known.get(_FLAGS[part.kind]):
        others = ", ".join(_others(part.kind, provider)) or "no model that is known here"
        raise _unfit(model, f"{model} takes no {_NAMES[part.kind]}", f"{others} can")
    if part.url and provider not in _ADDRESSED:
        raise _unfit(model, f"{model} takes images by their content, not by an address", "download it, and pass bytes")
    if part.media_type not in _HEARD.get(provider, (part.media_type,)) and part.kind == "audio":
        raise _unfit(model, f"{model} takes no {part.media_type}", "convert it to WAV or MP3")


def _unfit(model: str, message: str, hint: str) -> BadRequest:
    return BadRequest(message, model=model, hint=hint)


@lru_cache(maxsize=64)
def _others(kind: str, provider: str) -> tuple[str, ...]:
    return models_with(_FLAGS[kind], provider)
