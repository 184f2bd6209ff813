"""One template file, parsed, checked and compiled: everything that can be known without its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType

from jinja2 import TemplateSyntaxError, nodes

from patterns.errors import TemplateError
from patterns.messages import Role
from patterns.prompt.checks import LineFault, Reference, check_syntax, references, stray_text
from patterns.prompt.files import File, read
from patterns.prompt.filters import FILTERS
from patterns.prompt.front_matter import FrontMatter, read_front_matter, split
from patterns.prompt.near import did_you_mean
from patterns.prompt.rewrite import counted
from patterns.prompt.roles import is_history, role_blocks, role_of
from patterns.prompt.sandbox import PromptEnvironment
from patterns.prompt.scope import Read, all_names, reads, top_level_names
from patterns.prompt.steady import steadied
from patterns.prompt.survey import Print, prints


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A compiled file and what its syntax tells: names it reads and sets, files it needs, roles it speaks."""

    file: File
    front: FrontMatter
    code: CodeType
    references: tuple[Reference, ...]
    reads: tuple[Read, ...]
    top_level_names: frozenset[str]
    all_names: frozenset[str]
    roles: tuple[tuple[Role, int], ...]
    history_tag: bool
    stray: tuple[int, ...]
    prints: tuple[Print, ...]

    @property
    def path(self) -> Path:
        return self.file.path

    def extends(self) -> Reference | None:
        """The file that this one extends."""
        return next((reference for reference in self.references if reference.kind == "extends"), None)


def read_unit(file: File) -> Unit:
    """Read and compile a template file; raise TemplateError with the line at fault."""
    front, body = split(read(file.path, file.folder.path), file.path)
    return compiled(file, read_front_matter(front, file.path), body)


def parsed(file: File, body: str) -> nodes.Template:
    """Parse the body of a file; raise TemplateError with the line at fault."""
    with _errors_of(file.path):
        tree = _compiler()._parse(body, file.id, str(file.path))
        check_syntax(tree)
        _check_filters(tree)
        return tree


def _check_filters(tree: nodes.Template) -> None:
    """Refuse filters and tests that do not exist. Below an {% if %}, Jinja itself would find out while rendering."""
    known = {nodes.Filter: ("filter", _compiler().filters), nodes.Test: ("test", _compiler().tests)}
    for node in tree.find_all(tuple(known)):
        kind, names = known[type(node)]
        if node.name not in names:
            raise TemplateSyntaxError(f"No {kind} named {node.name!r}.", node.lineno)


def compiled(file: File, front: FrontMatter, body: str) -> Unit:
    """Compile the body of a file whose front matter was read; raise TemplateError with the line at fault."""
    environment, tree = _compiler(), parsed(file, body)
    with _errors_of(file.path):
        outside = reads(tree, environment)
        return Unit(
            file=file,
            front=front,
            references=references(tree),
            reads=outside,
            top_level_names=top_level_names(tree),
            all_names=all_names(tree),
            roles=tuple((role, block.lineno) for block in role_blocks(tree) if (role := role_of(block))),
            history_tag=any(is_history(node) for node in tree.find_all(nodes.ExprStmt)),
            stray=tuple(stray_text(tree)),
            prints=tuple(prints(tree)),
            code=environment.compile(counted(steadied(tree, file.id, outside)), file.id, str(file.path)),
        )


@lru_cache(maxsize=1)
def _compiler() -> PromptEnvironment:
    return PromptEnvironment()


@contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    """Turn what the parser and the compiler raise into a TemplateError with the line."""
    try:
        yield
    except LineFault as fault:
        raise TemplateError(fault.message, path=path, line=fault.line, hint=fault.hint) from None
    except TemplateSyntaxError as error:
        message = error.message or "the syntax is wrong"
        raise TemplateError(message, path=path, line=error.lineno, hint=_advice(message)) from None
    except (RecursionError, MemoryError, SyntaxError, OverflowError) as error:
        # Python's own parser may meet what Jinja's let through: forty loops inside each other.
        raise TemplateError(
            f"nested too deeply, or too large ({type(error).__name__})", path=path, rule="unsafe"
        ) from None


def _advice(message: str) -> str:
    if not message.startswith("No filter named"):
        return ""
    return did_you_mean(message.split("'")[1], FILTERS) or f"the filters are {', '.join(FILTERS)}"
