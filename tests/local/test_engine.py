"""The engine's own port, which the library opens: nobody is answered there."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from patterns.model.local.engine import Engine
from patterns.model.local.weights import weights_of
from tests.local.asking import name


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/completion", "/apply-template", "/tokenize", "/slots"])
def test_the_port_answers_nobody_without_the_key(path: str, models: Path) -> None:
    engine = Engine(weights_of(name(models)))
    body = json.dumps({"messages": [{"role": "user", "content": "hi"}], "prompt": "hi", "max_tokens": 1}).encode()
    try:
        address = engine._server.listening_address
        assert address.startswith("http://127.0.0.1:")
        data = None if path == "/slots" else body
        asked = urllib.request.Request(address + path, data, {"content-type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(asked, timeout=5)
        assert caught.value.code == 401
    finally:
        engine.close()
