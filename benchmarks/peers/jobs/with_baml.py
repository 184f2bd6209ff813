"""A BAML function by its generated client, which is made once, beside the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

os.environ |= {"BAML_LOG": "off", "RUST_LOG": "off", "BOUNDARY_TELEMETRY": "0"}

from person import KEY, MODEL, TEXT, Person

_SOURCE = f"""
generator target {{
  output_type "python/pydantic"
  output_dir ".."
  version "{version("baml-py")}"
}}
client<llm> Local {{
  provider "openai-generic"
  options {{
    base_url env.BASE
    api_key "{KEY}"
    model "{MODEL}"
    temperature 0
  }}
}}
class Person {{
  name string
  age int
  skills string[]
}}
function ExtractPerson(text: string) -> Person {{
  client Local
  prompt #"
    Extract the person from this text.

    {{{{ ctx.output_format }}}}

    {{{{ _.role("user") }}}}
    {{{{ text }}}}
  "#
}}
"""
_folder = Path(sys.prefix) / "generated"
if not (_folder / "baml_client").exists():
    (_folder / "baml_src").mkdir(parents=True, exist_ok=True)
    (_folder / "baml_src" / "main.baml").write_text(_SOURCE, encoding="utf-8")
    subprocess.run(
        [Path(sys.prefix) / "bin" / "baml-cli", "generate", "--from", _folder / "baml_src"],
        check=True,
        capture_output=True,
        timeout=60,
    )
sys.path.insert(0, str(_folder))

_client = import_module("baml_client.sync_client").b
_async_client = import_module("baml_client.async_client").b


def ask() -> Person:
    return _client.ExtractPerson(TEXT)


async def aask() -> Person:
    return await _async_client.ExtractPerson(TEXT)
