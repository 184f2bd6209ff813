"""How long lint takes: a template of 2,000 lines, and the packaged ones. The long one is to take less than a second."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from patterns.lint import Run
from patterns.prompt.catalog import default_catalog, packaged_templates

TARGET = 1.0
MACRO = """\
{% macro mN(body) %}
Part N of the text is this.

{{ body | quote("part") }}
{% endmacro %}

"""
LONG = """\
---
description: A long one.
inputs:
  text: The text.
  depth: {enum: [a, b], default: a}
format: text
examples:
EXAMPLES
---
MACROS
{% system %}
PROSE
CALLS
{% endsystem %}
{% for example in examples %}
{% user %}{{ m0(example.input.text) }}{% enduser %}
{% assistant %}{{ example.output | raw }}{% endassistant %}
{% endfor %}
{% user %}{{ m1(text) }}{% enduser %}
"""


def long_template(lines: int) -> str:
    """A template as long as none should be: 40 examples, 100 macros, conditions and prose, in `lines` lines."""
    examples = "".join(f'  - input: {{text: "text number {n}"}}\n    output: "words {n}"\n' for n in range(40))
    macros = "".join(MACRO.replace("N", str(n)) for n in range(100))
    calls = "".join(f'{{{{ m{n}("part") }}}}\n' for n in range(100))
    frame = LONG.replace("EXAMPLES\n", examples).replace("MACROS\n", macros).replace("CALLS\n", calls)
    rules = (lines - frame.count("\n")) // 5
    prose = "".join(
        f"{{% if depth == 'a' %}}\nRule {n}: say what matters.\nAnd why.\n\n{{% endif %}}\n" for n in range(rules)
    )
    return frame.replace("PROSE\n", prose)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "long.md.jinja").write_text(long_template(2_000))
        lines = long_template(2_000).count("\n")
        long = _seconds(Path(folder))
    packaged = _seconds(packaged_templates())
    print(f"a template of {lines:,} lines: {long * 1000:.0f} ms; all packaged templates: {packaged * 1000:.0f} ms")
    if long > TARGET:
        sys.exit(f"more than {TARGET} s")


def _seconds(path: Path) -> float:
    """The median of five runs, each reading everything anew."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        Run((path,), default_catalog().folders).report()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
