"""What importing litellm does through us: late, without a network, without anybody's `.env`, and quietly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faultserver import FaultServer

GUARD = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError(f"the network was asked: {args}")
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
"""


def run(program: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program from `folder` in an environment without litellm's switches."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LITELLM_") and not k.endswith("_API_KEY")}
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
        env={**clean, "PYTHONPATH": root, **environ},
    )


def good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["transport", "resolve", "modes", "estimates", "policies.retry", "portal", "door"])
def test_no_module_of_the_room_imports_litellm(module: str, tmp_path: Path) -> None:
    heavy = "('litellm', 'openai', 'httpx', 'tenacity')"
    program = f"import sys, patterns.model.{module}\nprint([m for m in {heavy} if m in sys.modules])"
    assert good(run(program, tmp_path)) == "[]"


def test_importing_litellm_and_estimating_ask_no_network(tmp_path: Path) -> None:
    program = GUARD + (
        "from patterns.exchange import Request\nfrom patterns.messages import Message\n"
        "from patterns.model.estimates import estimate\n"
        "names = ['gpt-4o', 'claude-haiku-4-5', 'together_ai/meta-llama/Llama-3', 'replicate/meta/llama-3']\n"
        "print([estimate(Request(n, (Message('user', 'hello there'),))).input_tokens > 3 for n in names])"
    )
    assert good(run(program, tmp_path)) == "[True, True, True, True]"


def test_calls_speak_to_their_provider_and_to_nobody_else(tmp_path: Path, faults: FaultServer) -> None:
    program = """
import asyncio, socket
asked, real = [], socket.getaddrinfo
def watched(host, *args, **kwargs):
    if host not in ("127.0.0.1", "localhost", None):
        asked.append(host)
        raise OSError("no network here")
    return real(host, *args, **kwargs)
socket.getaddrinfo = watched
from patterns.exchange import Options, Request, Target
from patterns.messages import Message
from patterns.model.transport import LitellmGateway
gateway, schema = LitellmGateway(), {"type": "object", "properties": {"ok": {"type": "boolean"}}}
async def grow(request):
    return [delta async for delta in gateway.astream(request)]
for model, base in (("openai/gpt-4.1-mini", OPENAI), ("anthropic/claude-sonnet-4-5", ANTHROPIC)):
    for mode in ("json_schema", "tools", "json_object", "prompted"):
        request = Request(model, (Message("user", "hi"),), Options(api_base=base), Target("T", schema), mode)
        assert gateway.send(request).choices
        assert asyncio.run(grow(request))
print(asked)
"""
    faults.script(['{"ok": true}'] * 16)
    bases = f"OPENAI, ANTHROPIC = {faults.api_base!r}, {faults.root!r}\n"
    keys = {"OPENAI_API_KEY": "a-key-of-nobody-01", "ANTHROPIC_API_KEY": "a-key-of-nobody-02"}
    assert good(run(bases + program, tmp_path, **keys)) == "[]"
    assert faults.calls == 16


def test_a_planted_env_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://evil.invalid\nPLANTED=1\n")
    program = "import os\nfrom patterns.model.client import litellm\nlitellm()\nprint(os.environ.get('PLANTED'))"
    assert good(run(program, tmp_path)) == "None"


def test_the_switches_are_set_unless_the_user_set_them(tmp_path: Path) -> None:
    program = (
        "import os\nfrom patterns.model.client import litellm\nlitellm()\n"
        "print(os.environ['LITELLM_LOCAL_MODEL_COST_MAP'], os.environ['LITELLM_MODE'])"
    )
    assert good(run(program, tmp_path)) == "True PRODUCTION"
    assert good(run(program, tmp_path, LITELLM_MODE="DEV")) == "True DEV"


def test_a_user_who_imported_litellm_first_keeps_its_settings(tmp_path: Path) -> None:
    program = (
        "import gc, litellm\nlitellm.suppress_debug_info = False\nfrom patterns.model.client import litellm as door\n"
        "assert door() is litellm and gc.isenabled()\nprint(litellm.suppress_debug_info)"
    )
    assert good(run(program, tmp_path, LITELLM_LOCAL_MODEL_COST_MAP="True")) == "False"


def test_many_threads_import_it_once(tmp_path: Path) -> None:
    program = (
        "import gc\nfrom concurrent.futures import ThreadPoolExecutor\nfrom patterns.model.client import litellm\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    modules = list(pool.map(lambda _: litellm(), range(8)))\n"
        "assert all(hasattr(m, 'acompletion') for m in modules) and gc.isenabled()\n"
        "print(len({id(m) for m in modules}))"
    )
    assert good(run(program, tmp_path)) == "1"


def test_its_proxy_server_is_never_imported(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom patterns.model.client import litellm\nlitellm()\n"
        "print([m for m in sys.modules if m.startswith('litellm.proxy.proxy_server')])"
    )
    assert good(run(program, tmp_path)) == "[]"


def test_a_call_without_a_server_ends_with_our_error_alone(tmp_path: Path) -> None:
    program = (
        "from patterns.exchange import Options, Request\nfrom patterns.messages import Message\n"
        "from patterns.model.transport import LitellmGateway\nfrom patterns.errors import TransientError\n"
        "request = Request('openai/x', (Message('user', 'hi'),), Options(timeout=5, api_base='http://127.0.0.1:9/v1'))\n"
        "try:\n    LitellmGateway().send(request)\nexcept TransientError as error:\n    print('told')\n"
    )
    done = run(program, tmp_path, OPENAI_API_KEY="sk-nobody-0123456789")
    assert good(done) == "told"
    assert done.stderr == ""
