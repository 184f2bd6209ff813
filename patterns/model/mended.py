"""Mends litellm in memory where it is shut without need: once in a process, and no more than what is said here."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_lock = threading.Lock()
_done: set[ModuleType] = set()

_PROXY = "litellm.responses.mcp.litellm_proxy_mcp_handler"
_SILENT = (
    (
        "litellm.completion_extras.litellm_responses_transformation.transformation",
        "LiteLLMResponsesTransformationHandler",
    ),
    ("litellm.llms.cohere.chat.v2_transformation", "CohereV2ChatConfig"),
)
"""Adapters that, other than all the rest, do not show the logger of a call what the provider said."""
_GEMINI = "litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini"


def mend(litellm: ModuleType) -> None:
    """Mend what calls of ours need. What the user has set is left as it is."""
    if litellm not in _done:
        with _lock:
            if litellm not in _done:
                _mend(litellm)
                _done.add(litellm)


def _mend(litellm: ModuleType) -> None:
    if getattr(litellm, "disable_hf_tokenizer_download", True) is None:
        # Else some streams stand still, and the whole event loop with them, over a tokenizer out of the network.
        litellm.disable_hf_tokenizer_download = True  # type: ignore[attr-defined]
    _without_mcp()
    with contextlib.suppress(ImportError, AttributeError):
        _let_calls_be_bare(getattr(import_module(_GEMINI), "VertexGeminiConfig"))  # noqa: B009
    for module, adapter in _SILENT:
        with contextlib.suppress(ImportError, AttributeError):
            _show_replies(getattr(import_module(module), adapter))


def _without_mcp() -> None:
    """Let litellm speak OpenAI's Responses API where the package `mcp` is not installed.

    On each such call litellm imports a handler, only to ask it whether a tool belongs to litellm's own proxy, and
    that import needs `mcp`. Without the package the true answer is always no, which is all that is said here.
    """
    if find_spec("mcp") is None and _PROXY not in sys.modules:
        module = ModuleType(_PROXY)
        module.LiteLLM_Proxy_MCP_Handler = _NoProxy  # type: ignore[attr-defined]
        sys.modules[_PROXY] = module


class _NoProxy:
    @staticmethod
    def should_use_litellm_mcp_gateway(tools: object = None) -> bool:
        return False


def _show_replies(adapter: type) -> None:
    """Have an adapter show each reply, as it came, to the logger of a call of ours before it reads it.

    Other people's loggers hear what litellm tells them, and no more.
    """
    read: Callable[..., object] = adapter.transform_response  # type: ignore[attr-defined]

    @wraps(read)
    def transform_response(*args: object, **known: object) -> object:
        params = known.get("litellm_params")
        logger = params.get("logger_fn") if isinstance(params, Mapping) else None
        if callable(logger) and str(getattr(logger, "__module__", "")).startswith("patterns."):
            noted = getattr(known.get("logging_obj"), "model_call_details", {}).get("original_response")
            logger({"original_response": noted or getattr(known.get("raw_response"), "text", None)})
        return read(*args, **known)

    adapter.transform_response = transform_response  # type: ignore[attr-defined]


def _let_calls_be_bare(adapter: type) -> None:
    """Have the adapter for Gemini read a call of a function without parameters, whose arguments Gemini leaves out.

    Pieces of arguments, which come in their stead where a stream is told to send them so, stay what it cannot read.
    """
    read: Callable[..., object] = adapter._transform_parts  # type: ignore[attr-defined]

    @wraps(read)
    def transform_parts(parts: Iterable[Mapping[str, object]], *args: object, **known: object) -> object:
        return read([_with_arguments(part) for part in parts], *args, **known)

    adapter._transform_parts = staticmethod(transform_parts)  # type: ignore[attr-defined]


def _with_arguments(part: Mapping[str, object]) -> Mapping[str, object]:
    call = part.get("functionCall")
    if not isinstance(call, Mapping) or not call.keys().isdisjoint(("args", "partialArgs", "willContinue")):
        return part
    return {**part, "functionCall": {**call, "args": {}}}
