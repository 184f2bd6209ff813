"""Code out of a chatty answer."""

from patterns.output.code.reader import CodeReading, read_code

__all__ = ["CodeReading", "read_code"]
