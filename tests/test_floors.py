"""A module imports only from floors below its own; inside a room, imports run one way."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "patterns"

FLOORS: list[set[str]] = [
    {"surroundings", "same", "drawn", "loopback"},
    {"messages", "conventions", "redact", "sendable", "folders"},
    {"exchange", "keys", "database", "writer"},
    {"errors"},
    {"ledger", "events", "replacing", "schemas", "spending", "parts", "plugins"},
    {"shared_ledger"},
    {"settings"},
    {"prompt", "output", "model", "sandbox"},
    {"tools"},
    {"plan", "calling", "logs", "tracers", "attributes", "batch", "setup", "binding", "cassette"},
    {"judge", "recorder"},
    {"turns", "rounds"},
    {"runner"},
    {"recipe", "terms"},
    {"stack", "meaning", "ways"},
    {"demonstrations"},
    {"reading", "seam"},
    {"patching"},
    {"assemble"},
    {"call"},
    {"stream"},
    {"pattern", "layout", "lint"},
    {"library", "conversation"},
    {"testing", "doctor", "terminal", "arguments", "otel"},
    {"endings", "spec", "display"},
    {"authoring", "desk"},
    {"commands", "pytest_plugin", "magics"},
    {"cli"},
    {"__main__"},
]
ROOMS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}


def _modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


def _imports(path: Path) -> set[str]:
    """The modules of ours that a file imports, anywhere in it, as dotted names below the package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names]
            found.update(name if _is_module(name) else module for name in names)
    return {name.removeprefix("patterns.") for name in found if name.startswith("patterns.")} | (
        {"__init__"} if "patterns" in found else set()
    )


def _is_module(name: str) -> bool:
    path = PACKAGE.parent / Path(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def test_every_module_stands_on_a_floor() -> None:
    homeless = {_dotted(path).split(".")[0] for path in _modules()} - set(FLOOR_OF)
    assert not homeless


def test_imports_lead_down_only() -> None:
    up = []
    for path in _modules():
        room = _dotted(path).split(".")[0]
        for target in _imports(path):
            other = target.split(".")[0]
            if other == "__init__":
                up.append(f"{_dotted(path)} imports the package's front door")
            elif room == other and room in ROOMS:
                continue
            elif FLOOR_OF[other] >= FLOOR_OF[room]:
                up.append(f"{_dotted(path)} (floor {FLOOR_OF[room]}) imports {target} (floor {FLOOR_OF[other]})")
    assert not up, "\n".join(up)


def test_inside_a_room_imports_run_one_way() -> None:
    graph = {
        _dotted(path): {t for t in _imports(path) if t.split(".")[0] == _dotted(path).split(".")[0]}
        for path in _modules()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in done:
            for target in sorted(graph.get(name, ())):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert done >= set(graph)


def test_a_door_upwards_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from patterns.pattern import Pattern\n    import patterns.model.steps\n")
    assert _imports(path) == {"pattern", "model.steps"}
