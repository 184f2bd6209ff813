"""A local model provider that fails on demand: the wires of OpenAI, Anthropic and Gemini over real HTTP on loopback."""

from tests.faultserver.answers import Answer, Call, Raw, Reply
from tests.faultserver.server import FaultServer

ELSEWHERE = "http://192.0.2.1:9/v1"
"""An address that is nobody's: what is told before anything is sent is told there too, and at once."""

__all__ = ["ELSEWHERE", "Answer", "Call", "FaultServer", "Raw", "Reply"]
