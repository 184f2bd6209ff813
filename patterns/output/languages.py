"""The names of languages: what a fence's tag means, which tags hold no program, and what code looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ALIASES: Mapping[str, str] = {
    alias: name
    for name, aliases in {
        "python": "py python3 python2 py3 ipython pycon python-repl gyp sage",
        "javascript": "js jsx node nodejs mjs cjs ecmascript",
        "typescript": "ts tsx",
        "bash": "sh shell zsh console shell-session shellsession terminal ksh",
        "powershell": "ps1 pwsh ps",
        "batch": "bat cmd",
        "c": "h",
        "cpp": "c++ cc cxx hpp",
        "csharp": "c# cs dotnet",
        "fsharp": "f# fs",
        "go": "golang",
        "rust": "rs",
        "ruby": "rb",
        "php": "php8",
        "java": "",
        "kotlin": "kt kts",
        "swift": "",
        "scala": "",
        "dart": "",
        "r": "rlang",
        "julia": "jl",
        "lua": "",
        "perl": "pl",
        "haskell": "hs",
        "elixir": "ex exs",
        "clojure": "clj",
        "objective-c": "objc objectivec",
        "sql": "mysql postgres postgresql psql sqlite plsql tsql",
        "html": "htm xhtml vue svelte",
        "xml": "svg xsd xsl",
        "css": "scss sass less",
        "json": "json5 jsonc jsonl",
        "yaml": "yml",
        "toml": "",
        "ini": "cfg conf properties",
        "markdown": "md mdx",
        "latex": "tex",
        "dockerfile": "docker containerfile",
        "makefile": "make mk",
        "graphql": "gql",
        "diff": "patch udiff",
        "text": "txt plain plaintext output none stdout log",
    }.items()
    for alias in (name, *aliases.split())
}

_NEAR = ({"javascript", "typescript"}, {"c", "cpp"}, {"html", "xml"}, {"bash", "batch", "powershell"})

NEUTRAL = frozenset({"", "text", "diff", "code"})
"""Tags that say nothing about the language."""

OTHER_THAN_PROGRAMS = frozenset({"bash", "batch", "powershell", "json", "yaml", "toml", "ini", "markdown", "text"})
"""What stands beside a program in an answer: commands, configuration, output."""

_SIGNS = {
    "html": r"<(?:!doctype html|html\b)",
    "php": r"<\?php",
    "xml": r"<\?xml",
    "bash": r"#!.*\b(?:ba|z|k)?sh\b|(?:\$ |sudo |apt(?:-get)? |pip3? install|npm |cd |echo |export \w+=)",
    "python": r"#!.*\bpython",
    "dockerfile": r"FROM \S+[\s\S]{0,500}^(?:RUN|CMD|COPY|ENTRYPOINT) ",
    "sql": r"(?i:select\b[\s\S]{1,2000}\bfrom|insert into|create (?:table|view|index)|update \w+ set|with \w+ as)\b",
    "cpp": r"#include\s*<\w+>",
    "c": r"#include\s*[<\"]\w+\.h",
    "go": r"package \w+\s*$|func (?:\(\w+ \*?\w+\) )?\w+\(",
    "rust": r"use \w+(?:::|;)|(?:pub )?fn \w+|#\[derive|impl\b|let mut ",
    "java": r"import java|(?:public|private|protected) (?:static |final |abstract )*(?:class|interface|enum|\w+ \w+\()",
    "csharp": r"using System|namespace \w+",
    "typescript": r"(?:export )?(?:interface \w+ \{|type \w+ =|(?:const|let|function) [^\n]{0,200}: (?:string|number))",
    "javascript": r"(?:const|let|var|function\*?|async function|export|import .* from ['\"]|require\()\s",
    "ruby": r"require ['\"]|def \w+[\s\S]{0,2000}^\s*end\b",
    "json": r"[{\[][\s\S]{0,2000}\"\s*[:,\]]",
}
"""How the first lines of code look, by language; the first that fits is taken."""

_COMPILED = tuple((name, re.compile(rf"\s*(?:{pattern})", re.MULTILINE)) for name, pattern in _SIGNS.items())


def language_of(tag: str) -> str:
    """Give the language that a tag names, lower-cased when unknown; `""` for none."""
    tag = tag.strip().strip("{}").lstrip(".").lower()
    return _ALIASES.get(tag, tag)


def is_known(tag: str) -> bool:
    """Tell whether a tag names a language we know of."""
    return tag.lower() in _ALIASES


def are_near(one: str, other: str) -> bool:
    """Tell whether code tagged as one language may pass for another: javascript for typescript."""
    return one == other or any(one in group and other in group for group in _NEAR)


def guess_language(source: str) -> str:
    """Guess the language of untagged code from its first lines; `""` when nothing speaks for one."""
    head = source[:3000]
    return next((name for name, sign in _COMPILED if sign.match(head)), "")
