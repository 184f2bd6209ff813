"""Texts made to break a parser: bounded work, bounded memory, and no exception."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SIZE = 400_000
HOSTILE = {
    "open brackets": "'[' * n",
    "open braces": "'{' * n",
    "keys without end": "'{\"a\":' * (n // 5)",
    "closers": "'[' + '}' * n",
    "quotes": "'\"' * n",
    "alternating quotes": "'\"\\'' * (n // 2)",
    "backslashes": "'{\"a\":\"' + '\\\\' * n",
    "fences": "'```json\\n' * (n // 8)",
    "fenced objects": "'```json\\n{\"a\":1}\\n```\\n' * (n // 20)",
    "prose with brackets": "'look {here} and [there]\\n' * (n // 24)",
    "open notes": "'see [1 ' * (n // 7)",
    "digits": "'{\"a\":' + '1' * n + '}'",
    "words": "'{a: ' + 'word ' * (n // 5)",
    "angle brackets": "'<' * n",
    "thoughts": "'<think>' * (n // 7)",
    "answers": "'<answer>' * (n // 8)",
    "quoted commas": "'{\"a\":\"' + 'x\",' * (n // 3)",
    "braces in a string": "'{\"a\":\"' + 'x\"}' * (n // 3)",
    "comment openers": "'{' + '/*' * (n // 2)",
    "line comments in strings": "'[\"//' * (n // 4)",
    "blanks": "'{\"a\": b ' + ' ' * n + 'c'",
    "line ends": "'{\"a\": b' + '\\n' * n",
    "tiny items": "'[' + '[],' * (n // 3)",
    "numbers": "'[' + '0 ' * (n // 2)",
    "bare members": "'{' + 'a:b,' * (n // 4)",
    "implied objects": "'[\"a\":' * (n // 5)",
    "joined strings": "'[\"a\"' + '+\"b\"' * (n // 4)",
    "surrogates": "'{\"a\":\"' + '\\\\ud800' * (n // 6) + '\"}'",
    "keys in lists": "'{\"x\": [1, ' + '\"a\": 1, ' * (n // 8)",
    "lists in lists lost": "'{\"a\": [[1], ' * (n // 12)",
    "wrong brackets": "'[{' + ']' * (n // 2) + '}' * (n // 2)",
    "mixed brackets": "'[{]}' * (n // 4)",
    "objects over": "'[{\"a\": \"' + 'x}, {\"b ' * (n // 8)",
    "escaped starts": "'{\\\\\"a' * (n // 4)",
    "sloppy members": "'{a:b, ' * (n // 6)",
    "sloppy items": "'[a, b' * (n // 5)",
    "open bullets": "'- a: |\\n' * (n // 7)",
    "deep outline": "''.join(' ' * (i % 300) + 'a:\\n' for i in range(n // 150))",
    "tables": "'a|b\\n-|-\\n' * (n // 8)",
    "table rules": "'|--|--|\\n' * (n // 8)",
    "no colons": "'{\"a\" ' * (n // 5)",
    "colons": "'{\"a\"' + ':' * n",
    "rows": "'\"a\" ' * (n // 4)",
    "rows with inner quotes": "'\"a \"b\" c\", ' * (n // 12) + 'x'",
    "rows of blanks": "'\"' + ('\"' + ' ' * 300) * (n // 301)",
    "ellipses": "'[\"a\"' + '\\n…' * (n // 2)",
    "ellipses in lists": "'[..., [' * (n // 7)",
    "notes": "'[1, // 10 more items\\n' * (n // 22)",
    "thoughts in brackets": "'[THINK]' * (n // 7)",
    "thoughts closed": "'<think>{}</think>' * (n // 17)",
    "thought closers": "'{}</think>' * (n // 10)",
    "bad escapes": "'{\"a\": \"C:' + '\\\\q\\\\n' * (n // 4) + '\"}'",
    "expressions": "'{\"a\": \"' + '\\\\d+' * (n // 3) + ';\"}'",
    "sets": "'{' + 'a,' * (n // 2) + '}'",
    "sets in sets": "'[' + '{a,b},' * (n // 6)",
    "tuples": "'[' + '(1),' * (n // 4)",
    "nothing": "'\\x00' * n",
    "lines": "'key: value\\n' * (n // 11)",
    "half a list": "json.dumps([{'name': 'x%d' % i, 'v': [1, 2]} for i in range(n // 20)])[:n]",
    "elements": "'<x>y</x>' * (n // 8)",
    "open elements": "'<x><y>' * (n // 6) + '</x>' * (n // 8)",
    "closers of elements": "'</x>' * (n // 4)",
    "open comments": "'<!--' * (n // 4) + '</x>'",
    "open attributes": "'<x a=\"' * (n // 6) + '</x>'",
    "objects in elements": "'<x>{\"a\":</x>' * (n // 12)",
    "calls": "'F(a=1) ' * (n // 7)",
    "open calls": "'F(a=' * (n // 4)",
    "quotes in calls": "'F(a=\\'' * (n // 5)",
    "pairs in calls": "'OrderedDict([(1, 2), ' * (n // 22)",
    "bare fields": "'a=1 ' * (n // 4)",
    "dotted names": "'a.b.' * (n // 4) + '(x=1)'",
    "settings": "'a = 1\\n' * (n // 6)",
    "open settings": "'a = 1\\n' + 'a = {b = [\\n' * (n // 11)",
    "sections of settings": "'[[a]]\\nb = {c = 1}\\n' * (n // 18)",
    "dotted settings": "'a = 1\\n' + 'a' + '.b' * (n // 2) + ' = 1\\n'",
    "inline lists": "'a: 1\\nb: [1, 2]\\n' * (n // 15)",
    "open inline maps": "'a: {b: 1,\\n' * (n // 11)",
    "headings": "'# a\\nb\\n' * (n // 6)",
    "blanks in headings": "'# ' + ' ' * n + '\\n# b'",
    "sentences with colons": "'so: [1]\\n' * (n // 8)",
}
PROBE = """
import json, resource, sys
from patterns.output.partial import Growing
from patterns.output.scan import best, scan, to_value
n = int(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
text = eval(sys.argv[2])
for partial in (False, True):
    chosen = best(scan(text, partial=partial))
    if chosen is not None:
        to_value(chosen.root)
growing = Growing()
for i in range(0, len(text), 500):
    growing.feed(text[i : i + 500])
print(json.dumps((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_bounded_work_and_memory(name: str) -> None:
    """The limit of 20 s is no measure of speed: quadratic work at this size takes minutes."""
    command = [sys.executable, "-c", PROBE, str(SIZE), HOSTILE[name]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert json.loads(done.stdout) < 200
