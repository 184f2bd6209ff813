"""Data formats: JSON, TOML and YAML, parsed and thrown away."""

from __future__ import annotations

import json
import tomllib

from patterns.sandbox.findings import Finding

_DEEPEST = 200
"""Levels of YAML that are read: its parser spends much on each, and no configuration is that deep."""


def check_json(source: str) -> Finding | None:
    """Parse strict JSON: no NaN, no trailing commas, no comments."""
    try:
        json.loads(source, parse_constant=_no_constant, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return Finding(error.msg, error.lineno)
    except ValueError as error:
        return Finding(str(error))
    except RecursionError:
        return Finding("the value is nested too deeply")
    return None


def check_toml(source: str) -> Finding | None:
    """Parse TOML."""
    try:
        tomllib.loads(source, parse_float=str)
    except ValueError as error:
        message, line = str(error), None
        if "(at line " in message:
            message, _, place = message.partition(" (at line ")
            line = int(place.partition(",")[0])
        return Finding(message, line)
    except RecursionError:
        return Finding("the value is nested too deeply")
    return None


def check_yaml(source: str) -> Finding | None:
    """Scan and parse YAML into events: anchors are not followed and tags build nothing."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if _nesting(source) > _DEEPEST:
        return Finding("the value is nested too deeply")
    try:
        for _ in YAML(typ="safe", pure=True).parse(source):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark
        return Finding(error.problem or "not YAML", mark.line + 1 if mark else None)
    except (YAMLError, ValueError, RecursionError) as error:
        return Finding(str(error).partition("\n")[0] or "not YAML")
    return None


def _nesting(source: str) -> int:
    """Count the brackets that could be open at once, at most."""
    depth = deepest = 0
    for char in source:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
