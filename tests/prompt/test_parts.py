"""Images, documents and sounds in templates: placed beside the text, where no data can put one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError, TemplateError
from patterns.messages import Content, Part
from patterns.parts import Audio, Document, Image
from patterns.prompt.sheet import Sheet
from tests.media import pdf, png, wav
from tests.prompt.folders import template

PHOTO, OTHER, PAPER, VOICE = Image(png()), Image(png(9)), Document(pdf()), Audio(wav())


def user(folder: Path, inputs: str, body: str, **values: Any) -> Content:
    """The user's message of a template with one."""
    made = template(folder, f"---\ninputs: {inputs}\n---\n{{% user %}}{body}{{% enduser %}}\n")
    return made.render(values)[-1].content


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("{{ photo | part }}", (PHOTO,)),
        ("Look:\n\n{{ photo | part }}\n\nWhat is it?", ("Look:", PHOTO, "What is it?")),
        ("{{ photo | part }} and {{ photo | part }}", (PHOTO, " and", PHOTO)),
        ('{{ photo | quote("photo") }}', ("<photo>", PHOTO, "</photo>")),
        ("{% set kept %}{{ photo | part }}{% endset %}A:{{ kept }}B:{{ kept }}", ("A:", PHOTO, "B:", PHOTO)),
        ("{% macro m(x) %}<{{ x | part }}>{% endmacro %}{{ m(photo) }}", ("<", PHOTO, ">")),
        ('{{ [photo | part, "x"] | join("-") }}', (PHOTO, "-x")),
        ("{{ photo | part | upper }}{{ 'ab' | upper }}", (PHOTO, "AB")),
        ("{% if photo is string %}text{% else %}{{ photo | part }}{% endif %}", (PHOTO,)),
        ("{% if not photo %}{{ photo | part }}{% endif %}none", "none"),
    ],
)
def test_a_part_stands_where_it_was_placed(tmp_path: Path, body: str, wanted: Content) -> None:
    assert user(tmp_path, "{photo: {type: image}}", body, photo=PHOTO) == wanted


def test_lists_of_parts_keep_their_order(tmp_path: Path) -> None:
    body = "{% for page in pages %}\nPage {{ loop.index }}:\n{{ page | part }}\n{% endfor %}"
    inputs = "{pages: {type: array, items: {type: [image, document]}, maxItems: 3}}"
    assert user(tmp_path, inputs, body, pages=[OTHER, PAPER]) == ("Page 1:", OTHER, "Page 2:", PAPER)


@pytest.mark.parametrize("tag", ["system", "assistant"])
def test_a_part_is_the_users_to_give(tmp_path: Path, tag: str) -> None:
    body = f"---\ninputs: {{photo: {{type: image}}}}\n---\n{{% {tag} %}}{{{{ photo | part }}}}{{% end{tag} %}}\n"
    with pytest.raises(TemplateError, match=f"a part is placed in {{% {tag} %}}"):
        template(tmp_path, body).render({"photo": PHOTO})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ photo }}", "an image is printed like text"),
        ("{{ photo | raw }}", "raw needs text, and this is an image"),
        ("{{ photo | fence }}", "fence needs text, and this is an image"),
        ("{{ photo | json }}", "an image is not data"),
        ("{{ [photo] | bullets }}", "an image is not data"),
        ("{{ photo | part | json }}", "a part is changed after it was placed"),
        ("{{ (photo | part)[3:] }}", "a part was placed, and is in no message"),
        ("{% set x %}{{ photo | part }}{% endset %}", "a part was placed, and is in no message"),
        ("{{ photo.data }}", "has no 'data'"),
        ("{{ photo['data'] }}", "has no 'data'"),
        ("{{ photo.encoded() }}", "has no 'encoded'"),
        ('{{ "text" | part }}', "part needs an image, a document or a sound"),
        ("{{ nobody | part }}", "'nobody' is not declared"),
    ],
)
def test_a_part_is_no_text_and_text_is_no_part(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(TemplateError, match=said.replace("'", ".")) as caught:
        user(tmp_path, "{photo: {type: image}}", body, photo=PHOTO)
    assert caught.value.line is not None or "changed" in said or "placed" in said


PIECES = st.sampled_from(["\0", "\x000:0\0", "\x000", ":", "0", "1\0", str(PHOTO), "{{ photo | part }}", "é"])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_no_data_forges_a_part(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    made = _made(tmp_path_factory)
    first, photo, last = made.render({"text": text, "photo": PHOTO})[-1].content
    assert (first, photo) == (f"A{text}B", PHOTO)
    assert last == f"C{text}D"


_kept: list[Any] = []


def _made(folders: pytest.TempPathFactory) -> Any:
    if not _kept:
        body = "A{{ text | raw }}B{{ photo | part }}C{{ text | raw }}D"
        head = "---\ninputs: {text: '', photo: {type: image}}\n---\n"
        _kept.append(template(folders.mktemp("t"), f"{head}{{% user %}}{body}{{% enduser %}}\n"))
    return _kept[0]


def test_a_mark_of_one_render_means_nothing_in_another(tmp_path: Path) -> None:
    head = "---\ninputs: {photo: {type: image}, text: ''}\n---\n"
    made = template(tmp_path, head + "{% user %}{{ text | raw }}|{{ photo | part }}{% enduser %}\n")
    seen: list[str] = []
    place = Sheet.place

    def noting(sheet: Sheet, part: Part) -> str:
        seen.append(place(sheet, part))
        return seen[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sheet, "place", noting)
        made.render({"photo": PHOTO, "text": ""})
    assert made.render({"photo": OTHER, "text": seen[0]})[0].content == (f"{seen[0]}|", OTHER)


@pytest.mark.parametrize(
    ("declared", "value", "said"),
    [
        ("{type: image}", "text", r"must be patterns\.Image"),
        ("{type: image}", PAPER, "cannot be a document"),
        ("{type: [image, document]}", 7, r"patterns\.Image\(…\) or patterns\.Document"),
        ("{type: array, items: {type: image}}", [PHOTO, "x"], r"\[1\] must be patterns\.Image"),
        ("{type: array, items: {type: image}}", PHOTO, "cannot be an image"),
        ("{type: array, items: {type: image}, maxItems: 1}", [PHOTO, PHOTO], "input x"),
        ("{type: array, items: {type: image}, uniqueItems: true}", [PHOTO, OTHER, PHOTO], "input x"),
        ("{type: [string, image]}", None, "input x"),
        ("{type: object}", {"photo": PHOTO}, "input x"),
        ("What it is.", PHOTO, "cannot be an image"),
        ("{type: object}", PHOTO, "cannot be an image"),
        ("{enum: [a, b]}", PHOTO, "cannot be an image"),
        ("{}", VOICE, "cannot be a sound"),
    ],
)
def test_what_does_not_fit_its_declaration_is_told_before_rendering(
    tmp_path: Path, declared: str, value: object, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        user(tmp_path, f"{{x: {declared}}}", "{{ x | json }}", x=value)


def test_text_where_text_or_a_part_may_be(tmp_path: Path) -> None:
    inputs, body = "{x: {type: [string, image, 'null'], description: d}}", '{{ x | quote("x") }}'
    assert user(tmp_path, inputs, body, x="hello") == "<x>\nhello\n</x>"
    assert user(tmp_path, inputs, body, x=PHOTO) == ("<x>", PHOTO, "</x>")
    assert user(tmp_path, inputs, "{{ x | json }}", x=None) == "null"


def test_an_undeclared_part_says_how_to_declare_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        user(tmp_path, "{x: What it is.}", "{{ x | raw }}", x=PHOTO)
    assert "declare it as x: {type: [string, image]}" in caught.value.hint


@pytest.mark.parametrize("kind", ["picture", "7", "{image: 1}", "[image, picture]", "[7]"])
def test_a_kind_that_there_is_not_is_told_on_load(tmp_path: Path, kind: str) -> None:
    with pytest.raises(TemplateError) as caught:
        template(
            tmp_path, f"---\ninputs: {{x: {{type: {kind}}}}}\n---\n{{% user %}}{{{{ x | json }}}}{{% enduser %}}\n"
        )
    assert caught.value.line == 2


def test_different_pictures_are_different_items(tmp_path: Path) -> None:
    inputs = "{x: {type: array, items: {type: image}, uniqueItems: true}}"
    assert user(tmp_path, inputs, "{% for one in x %}{{ one | part }}{% endfor %}", x=[PHOTO, OTHER]) == (PHOTO, OTHER)
