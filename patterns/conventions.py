"""Names of OpenTelemetry's conventions for generative AI, in the one place where they can be brought up to date.

They are those of open-telemetry/semantic-conventions-genai as of November 2026, where they have no release yet; in the
general conventions they were deprecated with 1.42, and so are their constants in Python. What no convention names
begins with `patterns.`.
"""

from __future__ import annotations

from collections.abc import Mapping

VERSION = "2026-11"

# Attributes
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
OUTPUT_TYPE = "gen_ai.output.type"
PROMPT_NAME = "gen_ai.prompt.name"
REQUEST_MODEL = "gen_ai.request.model"
TEMPERATURE = "gen_ai.request.temperature"
TOP_P = "gen_ai.request.top_p"
MAX_TOKENS = "gen_ai.request.max_tokens"
FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty"
PRESENCE_PENALTY = "gen_ai.request.presence_penalty"
SEED = "gen_ai.request.seed"
STOP = "gen_ai.request.stop_sequences"
CHOICES = "gen_ai.request.choice.count"
RESPONSE_ID = "gen_ai.response.id"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens"
CACHE_WRITE_TOKENS = "gen_ai.usage.cache_creation.input_tokens"
REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens"
TOKEN_TYPE = "gen_ai.token.type"
INPUT_MESSAGES = "gen_ai.input.messages"
OUTPUT_MESSAGES = "gen_ai.output.messages"
TOOL_NAME = "gen_ai.tool.name"
TOOL_TYPE = "gen_ai.tool.type"
TOOL_CALL_ID = "gen_ai.tool.call.id"
TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments"
TOOL_CALL_RESULT = "gen_ai.tool.call.result"
ERROR_TYPE = "error.type"
STATUS_CODE = "http.response.status_code"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"

# Metrics
TOKENS = "gen_ai.client.token.usage"
DURATION = "gen_ai.client.operation.duration"
TOKEN_BUCKETS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
DURATION_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)

# Values
CHAT = "chat"
EXECUTE_TOOL = "execute_tool"
FUNCTION = "function"
PROVIDERS: Mapping[str, str] = {
    "azure": "azure.ai.openai",
    "azure_ai": "azure.ai.inference",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "vertex_ai": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
"""Well-known names of providers that litellm calls otherwise; the others go by litellm's."""

# Our own
ATTEMPTS = "patterns.attempts"
REPAIRS = "patterns.repairs"
CACHED = "patterns.cached"
FALLBACK_MODEL = "patterns.fallback_model"
COST = "patterns.cost"
ALL_INPUT_TOKENS = "patterns.usage.input_tokens"
ALL_OUTPUT_TOKENS = "patterns.usage.output_tokens"
ESTIMATED = "patterns.usage.estimated"
PATTERN = "patterns.pattern"
CALL_DURATION = "patterns.call.duration"
RETRY = "patterns.retry"
FALLBACK = "patterns.fallback"
CACHE_HIT = "patterns.cache.hit"
BREAKER = "patterns.breaker"
BUDGET_REFUSED = "patterns.budget.refused"
REJECTED = "patterns.answer.rejected"
TOOL_REFUSED = "patterns.tool.refused"
TOOL_RUNS = "patterns.tool_runs"
NUMBER = "patterns.retry.number"
SECONDS = "patterns.seconds"
TO = "patterns.fallback.to"
STATE = "patterns.breaker.state"

CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""The variable by which all instrumentations are told whether texts may be recorded, and the words for yes on spans."""
CAPTURED = frozenset({"true", "1", "span_only", "span_and_event"})
