"""The guard at JSON Schema."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns import schemas
from patterns.errors import PatternsError, SchemaError
from patterns.messages import Json

PERSON: dict[str, Json] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": "integer", "minimum": 0},
        "team": {"enum": ["red", "blue"]},
    },
    "required": ["name"],
    "additionalProperties": False,
}


def nested(levels: int, keyword: str = "properties") -> dict[str, Json]:
    schema: dict[str, Json] = {"type": "integer"}
    for _ in range(levels):
        schema = {"properties": {"a": schema}} if keyword == "properties" else {keyword: schema}
    return schema


def brackets(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


# --- values ---------------------------------------------------------------------------------------------------------

VALUES: list[tuple[Json, list[str]]] = [
    ({"name": "Ada"}, []),
    ({"name": "Ada", "age": 36, "team": "red"}, []),
    ({}, ["$.name: is missing"]),
    ({"name": "Ada", "age": -1}, ["$.age: should be at least 0"]),
    ({"name": "Ada", "age": True}, ["$.age: should be a whole number"]),
    ({"name": "Ada", "age": "36"}, ["$.age: should be a whole number"]),
    ({"name": "Ada", "team": "green"}, ['$.team: should be "red" or "blue"']),
    ({"name": "Ada", "shoe size": 5}, ['$["shoe size"]: is not a known name here']),
    ({"name": ""}, ["$.name: should have at least 1 characters"]),
    ([], ["$: should be an object"]),
    (None, ["$: should be an object"]),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_problems_are_words_with_a_path(value: Json, expected: list[str]) -> None:
    assert [str(problem) for problem in schemas.problems(value, PERSON)] == expected


UNION: dict[str, Json] = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
            "required": ["kind", "lives"],
        },
        {
            "type": "object",
            "properties": {"kind": {"const": "dog"}, "tricks": {"type": "array", "items": {"type": "string"}}},
            "required": ["kind", "tricks"],
        },
        {"type": "null"},
    ]
}
UNION_VALUES: list[tuple[Json, list[str]]] = [
    ({"kind": "cat", "lives": 9}, []),
    (None, []),
    ({"kind": "dog"}, ["$.tricks: is missing"]),
    ({"kind": "dog", "tricks": ["sit", 1, 2]}, ["$.tricks[1]: should be text", "$.tricks[2]: should be text"]),
    (5, ["$: should be an object or null"]),
]


@pytest.mark.parametrize(("value", "expected"), UNION_VALUES)
def test_a_union_complains_about_its_nearest_form(value: Json, expected: list[str]) -> None:
    assert [str(problem) for problem in schemas.problems(value, UNION)] == expected


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"),
        ("date", "2026-02-28", "20260228"),
        ("date", "2026-02-28", "next Friday"),
        ("date-time", "2026-02-28T10:00:00Z", "2026-02-28"),
        ("time", "10:30:00", "half past ten"),
        ("duration", "P3DT12H", "P"),
        ("duration", "PT0.5S", "P1DT"),
        ("email", "ada@example.com", "ada at example"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123"),
        ("ipv4", "127.0.0.1", "127.0.0.256"),
        ("ipv6", "::1", "1"),
        ("uri", "https://example.com/a", "example"),
    ],
)
def test_formats_are_held(name: str, good: str, bad: str) -> None:
    schema: dict[str, Json] = {"type": "string", "format": name}
    assert not schemas.problems(good, schema)
    assert schemas.problems(bad, schema)


@pytest.mark.parametrize("value", ["", "\x00", "é", "P", "١٢٣٤-٠١-٠١", "2026-13-45T99:99"])
def test_formats_never_raise(value: str) -> None:
    for name in ("date", "date-time", "time", "duration", "email", "uuid", "ipv4", "ipv6", "uri", "made-up"):
        schemas.problems(value, {"format": name})


def test_problems_repeat_nothing_of_the_value() -> None:
    secret = "correct horse battery staple"
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"pattern": "^x"}, "c": {"enum": [1]}, "d": {"maxLength": 2}},
        "anyOf": [{"required": ["z"]}, {"required": ["y"]}],
    }
    found = schemas.problems({"a": secret, "b": secret, "c": secret, "d": secret}, schema)
    assert len(found) == 5
    assert secret not in "".join(map(str, found))


def test_a_key_shaped_name_is_struck_out_of_a_path() -> None:
    name = "sk-abcdefghijklmnopqrstuvwx"
    (problem,) = schemas.problems({"name": "Ada", name: 1}, PERSON)
    assert name not in problem.path


def test_a_long_name_is_cut_in_a_path() -> None:
    (problem,) = schemas.problems({"name": "Ada", "x" * 10_000: 1}, PERSON)
    assert len(problem.path) < 100


def test_unique_items_are_told_by_meaning() -> None:
    schema: dict[str, Json] = {"uniqueItems": True}
    assert schemas.problems([{"a": 1, "b": 2.0}, {"b": 2, "a": 1}], schema)
    assert not schemas.problems([1, True, "1", [1], 0, False], schema)


def test_a_form_that_takes_nothing_is_said() -> None:
    assert [str(problem) for problem in schemas.problems(1, {"anyOf": [False]})] == ["$: is not allowed here"]


def test_a_choice_of_nothing_is_said() -> None:
    assert [str(problem) for problem in schemas.problems(1, {"enum": []})] == ["$: should be nothing at all"]


def test_at_most_twenty_problems_are_told() -> None:
    assert len(schemas.problems(["x"] * 1000, {"items": {"type": "integer"}})) == 20


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ([10**5000], "4,300 digits"),
        ("\ud800", "surrogate"),
        ({"\ud800": 1}, "surrogate"),
        (brackets(201), "200 levels"),
        (brackets(100_000), "200 levels"),
        ([object()], "not JSON"),
        ({1: 2}, "not JSON"),
    ],
)
def test_what_no_schema_allows_is_a_problem_not_an_exception(value: Json, words: str) -> None:
    (problem,) = schemas.problems(value, {})
    assert words in problem.message
    json.dumps(str(problem)).encode()


def test_deep_values_within_the_limit_are_checked() -> None:
    schema: dict[str, Json] = {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#"}}]}
    assert not schemas.problems(brackets(50), schema)
    assert schemas.problems(brackets(199), schema), "said to be too deep, never raised"


def test_a_schema_that_doubles_its_work_is_given_up() -> None:
    twice: Json = {"type": "array", "items": {"$ref": "#/$defs/n"}}
    schema: dict[str, Json] = {"$defs": {"n": {"anyOf": [twice, twice]}}, "$ref": "#/$defs/n"}
    (problem,) = schemas.problems(brackets(60), schema)
    assert "too many ways" in problem.message


def test_the_schema_may_change_after_its_check() -> None:
    schema: dict[str, Json] = {"type": "integer"}
    checker = schemas.checker(schema)
    schema["type"] = "string"
    assert not checker.problems(1)
    assert schemas.problems(1, schema)


def test_the_validator_of_a_content_is_built_once() -> None:
    assert schemas.checker({"type": "integer", "minimum": 3}) is schemas.checker({"type": "integer", "minimum": 3})


# --- schemas --------------------------------------------------------------------------------------------------------

LOOP: dict[str, Json] = {"$ref": "#/$defs/a"}
BAD: list[tuple[str, dict[str, Json], str]] = [
    ("remote ref", {"$ref": "http://example.com/schema"}, "outside itself"),
    ("file ref", {"$ref": "file:///etc/passwd"}, "outside itself"),
    ("relative ref", {"properties": {"a": {"$ref": "other.json"}}}, "outside itself"),
    ("anchor ref", {"$ref": "#name"}, "outside itself"),
    ("ref that is no text", {"$ref": 5}, "has to be text"),
    ("hidden ref", {"$ref": "#/unknown", "unknown": {"$ref": "http://example.com/"}}, "outside itself"),
    ("ref to nowhere", {"$ref": "#/$defs/missing"}, "not in it"),
    ("ref to data", {"$ref": "#/enum/0", "enum": [5]}, "which is no schema"),
    ("ref to a broken aside", {"$ref": "#/const", "const": {"type": "text"}}, "broken at $.type"),
    ("ref into a list", {"allOf": [{}], "$ref": "#/allOf/7"}, "not in it"),
    ("dynamic ref", {"$dynamicRef": "#a"}, "$dynamicRef"),
    ("anchor", {"$anchor": "a"}, "$anchor"),
    ("inner base", {"properties": {"a": {"$id": "http://example.com/"}}}, "below its root"),
    ("self loop", {"$ref": "#"}, "without ever going"),
    ("ref loop", {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": LOOP}, "$ref": "#/$defs/a"}, "without ever going"),
    ("loop by allOf", {"$defs": {"a": {"allOf": [LOOP]}}, "$ref": "#/$defs/a"}, "without ever going"),
    ("unknown dialect", {"$schema": "https://example.com/mine"}, "unknown dialect"),
    ("old dialect", {"$schema": "http://json-schema.org/draft-03/schema#"}, "unknown dialect"),
    ("dialect that is no text", {"$schema": 7}, "unknown dialect"),
    ("broken type", {"type": "text"}, "broken at $.type"),
    ("broken inside", {"properties": {"a": {"minimum": "low"}}}, "broken at $.properties.a.minimum"),
    ("too deep", nested(32), "32 levels"),
    ("far too deep", nested(5000), "levels"),
    ("too deep by items", nested(40, "items"), "32 levels"),
    ("too deep as data", {"const": brackets(1000)}, "128 levels"),
    ("too many properties", {"properties": {f"p{n}": {} for n in range(501)}}, "500 properties"),
    ("too many refs", {"$defs": {"a": {}}, "prefixItems": [{**LOOP} for _ in range(201)]}, "200 references"),
    ("too large", {"description": "x" * 70_000}, "65,536 characters"),
    ("look-ahead", {"pattern": "^(?!a)"}, "look-around"),
    ("backreference", {"pattern": r"(a)\1"}, "backreferences"),
    ("huge pattern", {"pattern": "((a{1000}){1000}){1000}"}, "size limit"),
    ("surrogate pattern", {"pattern": "\ud800"}, "surrogate"),
    ("name pattern", {"patternProperties": {"(?=a)": {}}}, "look-around"),
    ("unevaluated beside patterns", {"patternProperties": {"a": {}}, "unevaluatedProperties": False}, "together"),
    ("a value that is no JSON", {"default": object()}, "JSON only"),  # type: ignore[dict-item]
    ("a key that is no text", {"properties": {1: {}}}, "text as its keys"),  # type: ignore[dict-item]
    ("not a number", {"const": float("nan")}, "JSON only"),
    ("a list", [], "is an object"),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("schema", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_an_unusable_schema_is_refused_with_the_reason(schema: dict[str, Json], words: str) -> None:
    with pytest.raises(SchemaError, match=words.replace("$", r"\$").replace(".", r"\.")):
        schemas.check(schema)


def test_a_schema_of_shared_parts_is_measured_as_written_out() -> None:
    bomb: Json = "x"
    for _ in range(40):
        bomb = [bomb, bomb]
    with pytest.raises(SchemaError, match=r"characters|levels"):
        schemas.check({"const": bomb})


def test_a_schema_that_holds_itself_is_refused() -> None:
    schema: dict[str, Json] = {}
    schema["properties"] = {"again": schema}
    with pytest.raises(SchemaError, match="levels"):
        schemas.check(schema)


GOOD: list[tuple[str, dict[str, Json]]] = [
    ("empty", {}),
    ("as deep as may be", nested(31)),
    ("recursive", {"properties": {"next": {"$ref": "#"}}}),
    ("names like keywords", {"properties": {"$ref": {"type": "string"}, "$id": {}, "pattern": {}}}),
    ("data like keywords", {"enum": [{"$ref": "http://example.com/"}], "default": {"$id": "x"}}),
    ("root base", {"$id": "https://example.com/person", "$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}}),
    ("escaped ref", {"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"type": "integer"}}}),
    ("draft 7", {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}}),
    ("draft 4", {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True}),
]


@pytest.mark.parametrize("schema", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_a_usable_schema_passes(schema: dict[str, Json]) -> None:
    schemas.check(schema)
    schemas.problems({"next": {"next": 1}}, schema)


def test_an_old_dialect_keeps_its_rules() -> None:
    old: dict[str, Json] = {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}}
    beside: dict[str, Json] = {"allOf": [{"$ref": "#/definitions/a", "type": "string"}]}
    assert not schemas.problems(1, {**old, **beside}), "draft 7 ignores what stands beside a $ref"
    new: dict[str, Json] = {"$defs": {"a": {}}, "allOf": [{"$ref": "#/$defs/a", "type": "string"}]}
    assert schemas.problems(1, new)


# --- hostile patterns -----------------------------------------------------------------------------------------------

EXPONENTIAL = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^([a-zA-Z]+)*$",
    "(a*)*b",
    "^(.*a){20}$",
    r"^(\w+\s?)*$",
    "(x+x+)+y",
]


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_a_pattern_that_backtracks_elsewhere_is_linear_here(pattern: str) -> None:
    text = "a" * 50_000 + "!"
    assert schemas.problems({"k": text, text: 1}, {"additionalProperties": {"pattern": pattern}}) is not None
    assert schemas.problems({text: 1}, {"patternProperties": {pattern: {}}, "additionalProperties": False}) is not None
    assert schemas.problems({text: 1}, {"propertyNames": {"pattern": pattern}}) is not None


def test_patterns_never_run_on_re(monkeypatch: pytest.MonkeyPatch) -> None:
    import jsonschema._keywords
    import jsonschema._utils

    class Refusing:
        def search(self, *_: object) -> None:
            raise AssertionError("a pattern ran on re")

    schema: dict[str, Json] = {
        "pattern": "^a",
        "patternProperties": {"^a": {"type": "integer"}},
        "additionalProperties": {"pattern": "^b"},
        "propertyNames": {"pattern": "^[ab]"},
        "anyOf": [{"patternProperties": {"^q": False}, "additionalProperties": True}],
    }
    schemas.check(schema)
    monkeypatch.setattr(jsonschema._keywords, "re", Refusing())
    monkeypatch.setattr(jsonschema._utils, "re", Refusing())
    assert [str(problem) for problem in schemas.problems({"a": "x", "b": "c"}, schema)] == [
        "$.a: should be a whole number",
        '$.b: should match the pattern "^b"',
    ]


def test_patterns_are_searched_not_matched() -> None:
    schema: dict[str, Json] = {"pattern": "b"}
    assert not schemas.problems("abc", schema)
    assert schemas.problems("acc", schema)


# --- nothing is fetched ---------------------------------------------------------------------------------------------


class Asked(BaseHTTPRequestHandler):
    paths: list[str]

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"const": "fetched"}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A local HTTP server: its address, and the paths it was asked for."""
    paths: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Asked", (Asked,), {"paths": paths}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join()


PLACES = [
    lambda url: {"$ref": f"{url}/ref"},
    lambda url: {"$ref": f"{url}/ref#/a"},
    lambda url: {"properties": {"a": {"$ref": f"{url}/inner"}}},
    lambda url: {"$id": url, "$ref": "ref"},
    lambda url: {"$id": f"{url}/base/", "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "b"}}},
    lambda url: {"$schema": f"{url}/meta"},
    lambda url: {"$dynamicRef": f"{url}/dynamic"},
    lambda url: {"x": {"$ref": f"{url}/hidden"}, "$ref": "#/x"},
    lambda url: {"$id": f"{url}/base", "properties": {"a": {"$ref": "#"}}},
    lambda url: {"enum": [{"$ref": f"{url}/data"}]},
    lambda url: {"properties": {"a": {"$schema": f"{url}/inner"}}},
]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_ever_fetched(place, asked: tuple[str, list[str]]) -> None:  # type: ignore[no-untyped-def]
    url, paths = asked
    with contextlib.suppress(SchemaError):
        schemas.problems({"a": {"a": 1}}, place(url))
    assert paths == []


def test_the_server_of_these_tests_does_answer(asked: tuple[str, list[str]]) -> None:
    url, paths = asked
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /seen HTTP/1.0\r\n\r\n")
        while connection.recv(1024):
            pass
    assert paths == ["/seen"]


# --- everything ends in our errors ----------------------------------------------------------------------------------

keywords = st.sampled_from(
    ["type", "properties", "items", "$ref", "$defs", "enum", "const", "anyOf", "pattern", "required", "minimum", "$id"]
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keywords | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(schema=st.dictionaries(keywords, junk, max_size=5), value=junk)
def test_any_schema_and_value_end_in_problems_or_our_error(schema: dict[str, Json], value: Json) -> None:
    try:
        found = schemas.problems(value, schema)
    except PatternsError:
        return
    assert all(problem.path.startswith("$") for problem in found)


def test_importing_the_guard_loads_no_jsonschema() -> None:
    code = (
        "import patterns.schemas, sys; print([m for m in ('jsonschema', 'referencing', 'litellm') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
