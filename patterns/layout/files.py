"""A whole template file laid out: its front matter, then its body."""

from __future__ import annotations

from patterns.layout.body import lay_out_body
from patterns.layout.head import lay_out_head
from patterns.layout.same import same
from patterns.prompt.files import File, read
from patterns.prompt.front_matter import FENCE, read_front_matter, split
from patterns.prompt.unit import parsed


def lay_out(text: str, file: File) -> str:
    """Give the file's text in our layout. Raises TemplateError for a file that cannot be read.

    A body whose new layout would not surely render the same keeps its own.
    """
    head, body = split(text, file.path)
    read_front_matter(head, file.path)
    before = parsed(file, body)
    lines = text.split("\n")
    fenced = lines[0].rstrip() == FENCE
    if fenced:
        # The body by itself, without the comment that keeps its line numbers.
        end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
        body = "\n".join(lines[end + 1 :])
    made = lay_out_body(body)
    if not same(before, parsed(file, made)):
        made = body
    return f"{FENCE}\n{lay_out_head(head)}{FENCE}\n{made}" if fenced else made


def lay_out_file(file: File) -> tuple[bytes, bytes]:
    """Give a file's bytes and those of its layout, whose lines end in one line feed. Raises TemplateError."""
    text = read(file.path, file.folder.path)
    return file.path.read_bytes(), lay_out(text, file).encode("utf-8")
