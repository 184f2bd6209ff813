"""Templates by name: which names there are, which folder answers, and when a file is read again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patterns.errors import TemplateError
from patterns.prompt.catalog import Catalog, Folder, default_catalog, packaged_templates
from tests.prompt.folders import catalog, spoken, write

ONE = "{% user %}one{% enduser %}\n"
TWO = "{% user %}two{% enduser %}\n"


def layers(tmp_path: Path, upper: dict[str, str], lower: dict[str, str], trusted: bool = True) -> Catalog:
    """A user's folder over a packaged one."""
    user, packaged = write(tmp_path / "user", upper), write(tmp_path / "packaged", lower)
    return Catalog((Folder(user, trusted), Folder(packaged, True)))


def test_names_leave_out_partials_and_strangers(tmp_path: Path) -> None:
    files = {
        "a": ONE, "b/c": ONE, "b/c.terse": ONE, "_p": ONE, "_q/r": ONE, "b/_s": ONE, "Upper": ONE, "b/sp ace": ONE,
        "x.jsonl": "", "plain.jinja": ONE,
    }  # fmt: skip
    found = Catalog((Folder(write(tmp_path, files), True),))
    assert found.names() == ["a", "b/c", "b/c.terse"]


def test_partial_can_be_loaded_by_name(tmp_path: Path) -> None:
    assert spoken(catalog(tmp_path, _p=ONE).load("_p").render({})) == [("user", "one")]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a",
        "../a",
        "a/../b",
        "./a",
        "a//b",
        "a/",
        "A",
        "a b",
        "a.md.jinja/",
        "a\\b",
        "a\x00b",
        "a\n",
        "C:/a",
        "a..b",
        "é",
    ],
)
def test_name_that_could_leave_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"a": ONE, "b": ONE})
    with pytest.raises(TemplateError, match="cannot be the name of a template"):
        catalog(tmp_path / "inner", b=ONE).load(name)


@pytest.mark.parametrize(
    "name", ["../a.md.jinja", "/a.md.jinja", "./b.md.jinja", "b", "b.jinja", "/etc/passwd", "..\\\\a.md.jinja"]
)
@pytest.mark.parametrize("tag", ["extends '{}'", "include '{}'", "import '{}' as m", "from '{}' import m"])
def test_reference_that_could_leave_the_folder_is_refused(name: str, tag: str, tmp_path: Path) -> None:
    write(tmp_path, {"a": ONE})
    text = "\n{% " + tag.format(name) + " %}\n"
    with pytest.raises(TemplateError, match="cannot be the name of a template file") as caught:
        catalog(tmp_path / "inner", b=ONE, t=text).load("t")
    assert caught.value.line == 2


def test_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md.jinja"
    secret.write_text(ONE)
    inner = write(tmp_path / "inner", {"t": "{% include 'linked.md.jinja' %}"})
    (inner / "linked.md.jinja").symlink_to(secret)
    found = Catalog((Folder(inner, True),))
    for name in ("linked", "t"):
        with pytest.raises(TemplateError, match="leads out of its folder"):
            found.load(name)
    assert found.names() == ["t"]


def test_linked_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "secrets", {"a": ONE})
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "linked").symlink_to(tmp_path / "secrets")
    with pytest.raises(TemplateError, match="leads out of its folder"):
        Catalog((Folder(tmp_path / "inner", True),)).load("linked/a")


def test_link_inside_of_the_folder_is_followed(tmp_path: Path) -> None:
    (write(tmp_path, {"a": ONE}) / "b.md.jinja").symlink_to(tmp_path / "a.md.jinja")
    assert spoken(catalog(tmp_path).load("b").render({})) == [("user", "one")]


def test_folder_that_is_itself_a_link_works(tmp_path: Path) -> None:
    write(tmp_path / "real", {"a": ONE})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert spoken(Catalog((Folder(tmp_path / "link", True),)).load("a").render({})) == [("user", "one")]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.md.jinja").mkdir()
    os.mkfifo(tmp_path / "pipe.md.jinja")
    for name in ("folder", "pipe"):
        with pytest.raises(TemplateError, match="not a plain file"):
            catalog(tmp_path).load(name)


def test_file_that_is_too_big_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="at most 1,000,000"):
        catalog(tmp_path, t=ONE + "x" * 1_000_000).load("t")


def test_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.md.jinja").write_bytes(b"{% user %}\nna\xefve\n{% enduser %}")
    with pytest.raises(TemplateError, match="not UTF-8") as caught:
        catalog(tmp_path).load("t")
    assert caught.value.line == 2


def test_unknown_template_is_told_with_near_names(tmp_path: Path) -> None:
    found = catalog(tmp_path, few_shot__sentiment=ONE, few_shot__classify=ONE)
    for name in ("few_shot/sentimnet", "sentiment", "zero_shot/sentiment"):
        with pytest.raises(TemplateError, match=f"no template '{name}'") as caught:
            found.load(name)
        assert caught.value.hint.startswith("did you mean few_shot/sentiment")


def test_user_folder_overrides_by_path(tmp_path: Path) -> None:
    found = layers(tmp_path, {"a/x": TWO}, {"a/x": ONE, "a/y": ONE})
    assert spoken(found.load("a/x").render({})) == [("user", "two")]
    assert spoken(found.load("a/y").render({})) == [("user", "one")]
    assert found.names() == ["a/x", "a/y"]


def test_user_folder_overrides_what_packaged_files_extend_include_and_import(tmp_path: Path) -> None:
    packaged = {
        "_m": "{% macro m() %}packaged{% endmacro %}",
        "_i": "packaged",
        "base": "{% user %}{% block b %}packaged{% endblock %}{% enduser %}",
        "t": "{% extends 'base.md.jinja' %}{% from '_m.md.jinja' import m %}{% block b %}"
        "{{ m() }} {% include '_i.md.jinja' %} {{ super() }}{% endblock %}",
    }
    upper = {
        "_m": "{% macro m() %}mine{% endmacro %}",
        "_i": "mine",
        "base": "{% user %}{% block b %}mine{% endblock %}{% enduser %}",
    }
    assert spoken(layers(tmp_path / "1", {}, packaged).load("t").render({})) == [("user", "packaged packaged packaged")]
    assert spoken(layers(tmp_path / "2", upper, packaged).load("t").render({})) == [("user", "mine mine mine")]


def test_own_name_means_the_overridden_file(tmp_path: Path) -> None:
    lower = {"few/t": "{% system %}{% block rules %}rules{% endblock %}{% endsystem %}{% user %}x{% enduser %}"}
    upper = {"few/t": "{% extends 'few/t.md.jinja' %}{% block rules %}my {{ super() }}{% endblock %}"}
    found = layers(tmp_path, upper, lower)
    assert spoken(found.load("few/t").render({})) == [("system", "my rules"), ("user", "x")]


def test_partial_may_build_on_the_one_it_overrides(tmp_path: Path) -> None:
    lower = {
        "_m": "{% macro a() %}a{% endmacro %}{% macro b() %}b{% endmacro %}",
        "t": "{% from '_m.md.jinja' import a, b %}{% user %}{{ a() }}{{ b() }}{% enduser %}",
    }
    upper = {
        "_m": "{% from '_m.md.jinja' import a as was %}"
        "{% macro a() %}my {{ was() }}{% endmacro %}{% macro b() %}B{% endmacro %}"
    }
    assert spoken(layers(tmp_path, upper, lower).load("t").render({})) == [("user", "my aB")]


def test_trust_follows_the_file_that_names_the_output(tmp_path: Path) -> None:
    lower = {"t": "---\noutput: m:A\n---\n{% user %}{% block b %}x{% endblock %}{% enduser %}", "u": ONE}
    upper = {
        "t": "{% extends 't.md.jinja' %}",
        "t.mine": "---\noutput: evil:B\n---\n{% extends 't.md.jinja' %}",
    }
    found = layers(tmp_path, upper, lower, trusted=False)
    assert (found.load("t").output, found.load("t").trusted) == ("m:A", True)
    assert (found.load("t.mine").output, found.load("t.mine").trusted) == ("evil:B", False)
    assert found.load("u").trusted


def test_template_is_compiled_once_and_kept(tmp_path: Path) -> None:
    found = catalog(tmp_path, t=ONE)
    assert found.load("t") is found.load("t")


def changed(path: Path, text: str) -> None:
    """Write a file so that its stamp differs even on a coarse clock."""
    before = path.stat()
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    found = catalog(tmp_path, t=ONE)
    before = found.load("t")
    changed(tmp_path / "t.md.jinja", TWO)
    assert spoken(found.load("t").render({})) == [("user", "two")]
    assert spoken(before.render({})) == [("user", "one")]


def test_template_is_read_again_when_a_file_behind_it_changes(tmp_path: Path) -> None:
    found = catalog(
        tmp_path,
        t="{% from '_a.md.jinja' import m %}{% user %}{{ m() }}{% enduser %}",
        _a="{% from '_b.md.jinja' import m as n %}{% macro m() %}{{ n() }}{% endmacro %}",
        _b="{% macro m() %}one{% endmacro %}",
    )
    assert spoken(found.load("t").render({})) == [("user", "one")]
    changed(tmp_path / "_b.md.jinja", "{% macro m() %}two{% endmacro %}")
    assert spoken(found.load("t").render({})) == [("user", "two")]


def test_template_is_read_again_when_its_examples_change(tmp_path: Path) -> None:
    found = catalog(tmp_path, t="---\nexamples: e.yaml\n---\n" + ONE, **{"e.yaml": "- {input: {}, output: 1}"})
    assert found.load("t").examples[0].output == 1
    changed(tmp_path / "e.yaml", "- {input: {}, output: 2}")
    assert found.load("t").examples[0].output == 2


def test_file_that_appears_in_an_earlier_folder_is_seen(tmp_path: Path) -> None:
    lower = {"t": "{% include '_i.md.jinja' %}", "_i": ONE}
    found = layers(tmp_path, {}, lower)
    assert spoken(found.load("t").render({})) == [("user", "one")]
    write(tmp_path / "user", {"_i": TWO})
    assert spoken(found.load("t").render({})) == [("user", "two")]
    write(tmp_path / "user", {"t": "{% user %}three{% enduser %}"})
    assert spoken(found.load("t").render({})) == [("user", "three")]


def test_mended_file_is_read_after_an_error(tmp_path: Path) -> None:
    found = catalog(tmp_path, t="{% user %}")
    with pytest.raises(TemplateError):
        found.load("t")
    changed(tmp_path / "t.md.jinja", ONE)
    assert spoken(found.load("t").render({})) == [("user", "one")]


def test_default_catalog_asks_the_user_folders_first(tmp_path: Path) -> None:
    folder = write(tmp_path, {"few_shot/sentiment": ONE})
    assert spoken(default_catalog([folder]).load("few_shot/sentiment").render({})) == [("user", "one")]
    assert default_catalog([folder]).load("few_shot/sentiment").trusted
    assert not default_catalog([Folder(folder, False)]).load("few_shot/sentiment").trusted


def test_packaged_folder_given_as_untrusted_stays_trusted() -> None:
    found = default_catalog([Folder(packaged_templates(), False)])
    assert [folder.trusted for folder in found.folders] == [True]


def test_packaged_sentiment_template_renders(tmp_path: Path) -> None:
    loaded = default_catalog().load("few_shot/sentiment")
    messages = loaded.render({"text": "Fine."}, output_format="SHAPE")
    roles = [message.role for message in messages]
    assert len(loaded.examples) >= 6
    assert roles == ["system", *["user", "assistant"] * len(loaded.examples), "user"]
    assert messages[0].content.endswith("SHAPE")
    assert messages[-1].content.endswith("<text>\nFine.\n</text>")
