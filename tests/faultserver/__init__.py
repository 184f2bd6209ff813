"""A local model provider that fails on demand: the wires of OpenAI, Anthropic and Gemini over real HTTP on loopback."""

from tests.faultserver.answers import Answer, Call, Raw, Reply
from tests.faultserver.server import FaultServer

__all__ = ["Answer", "Call", "FaultServer", "Raw", "Reply"]
