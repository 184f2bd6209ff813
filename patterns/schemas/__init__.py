"""The guard at JSON Schema: what may be used as a schema, and whether a value fits it; nothing is ever fetched."""

from patterns.schemas.checker import Checker, check, checker, problems
from patterns.schemas.paths import json_path
from patterns.schemas.refs import lookup, resolve

__all__ = ["Checker", "check", "checker", "json_path", "lookup", "problems", "resolve"]
