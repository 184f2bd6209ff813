"""How each recorded exchange is asked for: by which of litellm's adapters, at which path, with which credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patterns.exchange import Options, Request
from patterns.messages import Json, Message

NOBODY = "a-key-of-nobody-0123456789"
VARIABLES = (
    *("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "COHERE_API_KEY", "GROQ_API_KEY", "MISTRAL_API_KEY"),
    *("AZURE_API_KEY", "DEEPSEEK_API_KEY", "XAI_API_KEY", "OPENROUTER_API_KEY", "CEREBRAS_API_KEY", "ZAI_API_KEY"),
    *("DEEPINFRA_API_KEY", "TOGETHERAI_API_KEY", "CRUSOE_API_KEY", "HOSTED_VLLM_API_KEY"),
)
"""Where litellm looks for keys."""

_WIRES: Mapping[str, tuple[str, str]] = {
    "openai.chat": ("openai/", "/v1"),
    "openai.responses": ("openai/responses/", "/v1"),
    "anthropic.messages": ("anthropic/", ""),
    "gemini.generate": ("gemini/", "/v1beta"),
    "bedrock.converse": ("bedrock/converse/", ""),
    "ollama.chat": ("ollama_chat/", ""),
}
"""The adapter for a wire, and the path below the server's address that it goes on from."""

_HOSTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("azure", "openai.chat"): ("azure/", ""),
    ("cerebras", "openai.chat"): ("cerebras/", "/v1"),
    ("crusoe", "openai.chat"): ("crusoe/", "/v1"),
    ("deepseek", "openai.chat"): ("deepseek/", "/v1"),
    ("groq", "openai.chat"): ("groq/", "/v1"),
    ("mistral", "openai.chat"): ("mistral/", "/v1"),
    ("openrouter", "openai.chat"): ("openrouter/", "/v1"),
    ("other:api.deepinfra.com", "openai.chat"): ("deepinfra/", "/v1"),
    ("together", "openai.chat"): ("together_ai/", "/v1"),
    ("vllm", "openai.chat"): ("hosted_vllm/", "/v1"),
    ("xai", "openai.chat"): ("xai/", "/v1"),
    ("zai", "openai.chat"): ("zai/", "/v1"),
}
"""Hosts that litellm has an adapter of its own for. All others speak a wire from the list above; so does Vertex, whose
adapter reads replies as Gemini's does but asks for tokens with a package that is none of our dependencies."""

_CREDENTIALS: Mapping[str, Mapping[str, Json]] = {
    "azure/": {"api_version": "2024-10-21"},
    "bedrock/converse/": {
        "aws_access_key_id": "AKIAOFNOBODY",
        "aws_secret_access_key": NOBODY,
        "aws_region_name": "us-east-1",
    },
}


def asked(row: Mapping[str, Any], base: str) -> Request:
    """The request that the replay server answers with the row's reply."""
    prefix, path = _adapter(row)
    replay = {"x-replay-id": row["id"]}
    extra: dict[str, Json] = {"extra_headers": replay, **_CREDENTIALS.get(prefix, {})}
    options = Options(timeout=20, api_base=base + path, extra=extra)
    return Request(f"{prefix}{row['model'] or 'm'}", (Message("user", "hi"),), options)


def _adapter(row: Mapping[str, Any]) -> tuple[str, str]:
    provider, wire = row["provider"], row["wire"]
    if wire == "cohere.chat":
        version = "v1" if row["path"].startswith("/v1/") else "v2"
        return f"cohere_chat/{'v1/' if version == 'v1' else ''}", f"/{version}/chat"
    return _HOSTS.get((provider, wire)) or _WIRES[wire]
