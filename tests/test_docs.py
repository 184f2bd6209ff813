"""The site of `docs/`: every page is in the navigation, what is generated is whole, and it builds without a warning."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

import patterns
from patterns.settings.knobs import KNOBS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NAMES = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
PUBLIC = [name for name in patterns.__all__ if isinstance(getattr(patterns, name), type)]


@pytest.fixture(autouse=True)
def _builder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fills the pages lies beside them."""
    monkeypatch.syspath_prepend(str(DOCS))


def _filled(name: str) -> str:
    from builder import filled

    return filled((DOCS / f"{name}.md").read_text(encoding="utf-8"))


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"^[a-z][\w/-]+$", (DOCS / "index.md").read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted(NAMES - {"index"}), "each page of docs/ stands in a toctree of docs/index.md"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_page_opens_with_something_to_paste(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert "\n```" in page.partition("\n## ")[0]


def test_every_public_name_has_words() -> None:
    from builder.entries import words_of

    assert [name for name in patterns.__all__ if not words_of(patterns, name)] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_member_has_words(name: str) -> None:
    own = {key: each for key, each in vars(getattr(patterns, name)).items() if key[0] != "_"}
    members = {key: getattr(each, "__func__", each) for key, each in own.items()}
    told = {key: each for key, each in members.items() if inspect.isfunction(each) or isinstance(each, property)}
    assert [key for key, each in told.items() if not each.__doc__] == []


def test_every_public_name_is_in_the_reference() -> None:
    headings = {
        line[4:].replace("\\", "") for line in (_filled("reference/api") + _filled("reference/errors")).split("\n")
    }
    assert [name for name in patterns.__all__ if name not in headings] == []


def test_every_setting_is_in_the_reference() -> None:
    page = _filled("reference/settings")
    assert [name for name in KNOBS if f"\n| `{name}` |" not in page] == []


def test_every_command_is_in_the_reference() -> None:
    told = subprocess.run([sys.executable, "-m", "patterns", "--help"], capture_output=True, text=True, check=True)
    listed = re.findall(r"^\W{0,2}([a-z]+) {2,}\S", told.stdout, re.M)
    assert len(listed) >= 10
    page = _filled("reference/cli")
    assert [name for name in listed if not re.search(rf"^## patterns {name}\b", page, re.M)] == []


def test_what_a_model_says_stays_text_on_a_page() -> None:
    from builder.remarks import shown

    page = shown('<!-- answers: ["</pre><script>alert(1)</script>\\n\\n# no heading"] -->\n```python\npass\n```\n')
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\n\n# no" not in page


def test_docstrings_stay_text_outside_of_their_code() -> None:
    from builder.words import prose

    assert prose("Takes <b>*args*</b> and `x<y`.") == "Takes \\<b>\\*args\\*\\</b> and `x<y`."


class _Links(HTMLParser):
    """The anchors of a page, where it points, and what a browser loads for it."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {name for name in (given.get("id"), given.get("name")) if name}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        self.loaded += [given[key] or "" for key in ("src", "href") if tag != "a" and given.get(key)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("sphinx") is None:
        pytest.skip("the environment is older than the group docs: make test renews it")
    out = tmp_path_factory.mktemp("site")
    build = ["-m", "sphinx", "-E", "-q", "--fail-on-warning", "--keep-going", "-d", str(out / "trees"), str(DOCS)]
    done = subprocess.run([sys.executable, *build, str(out / "html")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, _Links]:
    found = {}
    for page in site.rglob("*.html"):
        found[page] = _Links()
        found[page].feed(page.read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_every_page_is_built(site: Path) -> None:
    assert [name for name in NAMES if not (site / f"{name}.html").is_file()] == []


@pytest.mark.slow
def test_every_link_within_the_site_leads_somewhere(pages: dict[Path, _Links]) -> None:
    broken = []
    for page, links in pages.items():
        for link in links.links:
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if ":" in path:
                continue  # beyond the site
            if not target.exists() or (anchor and target in pages and anchor not in pages[target].anchors):
                broken.append(f"{page.name}: {link}")
    assert broken == []


@pytest.mark.slow
def test_a_browser_loads_nothing_from_elsewhere(site: Path, pages: dict[Path, _Links]) -> None:
    assert [each for links in pages.values() for each in links.loaded if re.match(r"\w+:|//", each)] == []
    styles = [style.read_text(encoding="utf-8") for style in site.rglob("*.css")]
    assert styles
    assert [found for style in styles for found in re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style)] == []
