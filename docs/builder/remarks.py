"""The comments by which tests furnish a page, shown to its readers: what a model answers, what a file is called."""

from __future__ import annotations

import html
import json
import re

_ANSWERS = re.compile(r"^<!-- answers: (?P<answers>.*?) -->\n(?=```)", re.S | re.M)
_FILE = re.compile(r"^<!-- file: (?P<name>[\w./-]+) -->\n```(?P<language>\w*)\n", re.M)
_EXITS = re.compile(r"^<!-- exits: \d+ -->\n(?=```)", re.M)


def shown(page: str) -> str:
    """Give the page with its remarks written out; whatever they hold stays text."""
    page = _ANSWERS.sub(lambda found: _said(json.loads(found["answers"])), page)
    page = _FILE.sub(r"```{code-block} \g<language>\n:caption: \g<name>\n\n", page)
    return _EXITS.sub("", page)


def _said(answers: list[object]) -> str:
    said = "\n".join(f"<pre>{html.escape(_text(answer))}</pre>" for answer in answers)
    # One block of HTML ends at the first blank line for Markdown, so no line of an answer may be blank.
    said = re.sub(r"\n(?=\n)", "\n&#8203;", said)
    return f'<details class="model-said"><summary>What the model answers here</summary>\n{said}\n</details>\n\n'


def _text(answer: object) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
