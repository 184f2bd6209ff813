"""One layout for template files, which never changes what they render."""

from patterns.layout.files import lay_out, lay_out_file

__all__ = ["lay_out", "lay_out_file"]
