"""The schema that each provider is sent: it keeps that provider's rules, and says what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from patterns import schemas
from patterns.output.schema.profiles import Enforced, Profile, Rules, profile_of, profiles
from patterns.output.schema.wire import Fit, fitted
from patterns.output.shape import shape_of
from tests.output.shapes import TYPES, Invoice, Owner, Tree

PROFILES = profiles()
MODES: tuple[Enforced, ...] = ("json_schema", "tools")
EACH = [(profile, mode) for profile in PROFILES for mode in MODES]
IDS = [f"{profile.name}-{mode}" for profile, mode in EACH]
STRUCTURE = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"}

Made = tuple[dict[str, Any], st.SearchStrategy[Any]]


def scalars() -> st.SearchStrategy[Made]:
    return st.sampled_from(
        [
            ({"type": "string"}, st.text(max_size=5)),
            ({"type": "string", "maxLength": 3, "description": "short"}, st.text(max_size=3)),
            ({"type": "integer", "minimum": 0, "maximum": 9}, st.integers(0, 9)),
            ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}, st.sampled_from([0.5, 1.0, 2.5])),
            ({"type": "boolean"}, st.booleans()),
            ({"type": "null"}, st.none()),
            ({"type": ["integer", "null"]}, st.sampled_from([1, None])),
            ({"enum": ["a", 1, None]}, st.sampled_from(["a", 1, None])),
            ({"const": "fixed"}, st.just("fixed")),
            ({"$ref": "#/$defs/Named"}, st.sampled_from([{"n": 1}, {"n": 2, "more": "x"}])),
            ({"$ref": "#/$defs/Named", "description": "told"}, st.just({"n": 3})),
        ]
    )


def lists(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    def made(pair: Made, least: int, unique: bool) -> Made:
        schema: dict[str, Any] = {"type": "array", "items": pair[0], "minItems": least}
        values = st.lists(pair[1], min_size=least, max_size=3)
        return (
            (schema | {"uniqueItems": True}, st.lists(pair[1], min_size=1, max_size=1)) if unique else (schema, values)
        )

    return st.builds(made, inner, st.integers(0, 1), st.booleans())


def unions(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    def made(pairs: list[Made]) -> Made:
        return {"anyOf": [pair[0] for pair in pairs]}, st.one_of([pair[1] for pair in pairs])

    return st.lists(inner, min_size=1, max_size=3).map(made)


def maps(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    def made(pair: Made) -> Made:
        names = st.sampled_from(["x", "y"])
        return {"type": "object", "additionalProperties": pair[0]}, st.dictionaries(names, pair[1], max_size=2)

    return inner.map(made)


def objects(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    def made(members: dict[str, Made], needed: set[str], closed: bool) -> Made:
        needed &= set(members)
        schema = {"type": "object", "properties": {k: m[0] for k, m in members.items()}, "required": sorted(needed)}
        values = st.fixed_dictionaries(
            {k: m[1] for k, m in members.items() if k in needed},
            optional={k: m[1] for k, m in members.items() if k not in needed},
        )
        return (schema | {"additionalProperties": False} if closed else schema), values

    names = st.sampled_from(["a", "b", "c", "default", "minimum"])
    return st.builds(made, st.dictionaries(names, inner, max_size=4), st.sets(names), st.booleans())


def closed() -> st.SearchStrategy[Made]:
    return st.recursive(scalars(), lambda inner: lists(inner) | unions(inner) | objects(inner), max_leaves=8)


def made() -> st.SearchStrategy[Made]:
    """Three in four without a map: one is enough to have a schema sent loosely, or not at all."""
    return st.one_of(closed(), closed(), closed(), objects(closed() | maps(closed())))


NAMED: dict[str, Any] = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "more": {"type": "string"}},
    "required": ["n"],
}


def broken_rules(fit: Fit, rules: Rules) -> list[str]:
    """What of a sent schema is against the rules, looked for without the code that wrote it."""
    assert fit.target is not None
    schema = fit.target.schema
    if any("not enforced" in each and "as it is" in each for each in fit.differences):
        return [] if rules.loose != "never" and not fit.target.strict else ["sent loosely"]
    allowed = STRUCTURE | rules.limits | {"description", "format"} | ({"prefixItems"} if rules.maps else set())
    wrong = [] if schema.get("type") == "object" and "anyOf" not in schema else ["no object at the root"]
    for each in schemas.every(schema):
        wrong += [f"keyword {key}" for key in each.keys() - allowed]
        wrong += ["beside a reference"] if "$ref" in each and each.keys() - {"$ref", "$defs"} else []
        wrong += ["a reference"] if rules.inline and "$ref" in each else []
        wrong += ["a format"] if "format" in each and each["format"] not in rules.formats else []
        wrong += ["minItems"] if rules.min_items is not None and each.get("minItems", 0) > rules.min_items else []  # type: ignore[operator]
        if each.get("type") == "object":
            further = each["additionalProperties"]
            wrong += [] if further is False or (rules.maps and isinstance(further, Mapping)) else ["an open object"]
            if rules.optional == "null" and each["required"] != list(each["properties"]):  # type: ignore[arg-type]
                wrong.append("an optional member")
    return wrong


def said(value: Any, sent: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """A value in the words of the sent schema: null for what is left out and must not be."""
    sent = schemas.resolve(sent, root)
    if forms := sent.get("anyOf"):
        for form in forms:
            written = said(value, form, root)
            if not schemas.problems(written, {**form, "$defs": root.get("$defs", {})}):
                return written
        return value
    if isinstance(value, list):
        places = sent.get("prefixItems", [])
        return [said(v, places[i] if i < len(places) else sent.get("items", {}), root) for i, v in enumerate(value)]
    if isinstance(value, dict):
        named, further = sent.get("properties", {}), sent.get("additionalProperties")
        rest = further if isinstance(further, Mapping) else {}
        whole = value | {k: None for k in sent.get("required", ()) if k not in value}
        return {k: said(v, named.get(k, rest), root) for k, v in whole.items()}
    return value


@pytest.mark.parametrize(("profile", "mode"), EACH, ids=IDS)
@settings(max_examples=80, deadline=None)
@given(pair=made(), data=st.data())
def test_what_is_sent_keeps_the_rules_and_lets_every_value_be_said(
    profile: Profile, mode: Enforced, pair: Made, data: st.DataObject
) -> None:
    schema = pair[0] | {"$defs": {"Named": NAMED}}
    fit = fitted("Made", schema, profile.rules(mode))
    if fit.target is None:
        assert fit.why
        return
    assert broken_rules(fit, profile.rules(mode)) == []
    schemas.check(fit.target.schema)
    value = data.draw(pair[1])
    if schemas.problems(value, schema):  # a union whose forms cannot be told apart by the strategy alone
        return
    whole = {"value": value} if fit.target.wrapped else value
    assert schemas.problems(said(whole, fit.target.schema, fit.target.schema), fit.target.schema) == ()


@pytest.mark.parametrize(("profile", "mode"), EACH, ids=IDS)
@pytest.mark.parametrize("into", TYPES, ids=str)
def test_every_type_keeps_every_provider_s_rules_or_goes_elsewhere(profile: Profile, mode: Enforced, into: Any) -> None:
    shape = shape_of(into)
    fit = fitted(shape.name, shape.schema, profile.rules(mode))
    assert fit.why if fit.target is None else broken_rules(fit, profile.rules(mode)) == []


def test_a_model_has_the_profile_of_its_provider_or_of_its_maker() -> None:
    for provider, model, name in [
        ("openai", "openai/gpt-4o", "openai"),
        ("azure", "azure/mine", "azure"),
        ("bedrock", "bedrock/us.anthropic.claude-sonnet-4-5-v1:0", "anthropic"),
        ("vertex_ai", "vertex_ai/gemini-2.5-pro", "gemini"),
        ("openrouter", "openrouter/anthropic/claude-sonnet-4.5", "anthropic"),
        ("mistral", "mistral/mistral-large-latest", "generic"),
        ("", "who-knows", "generic"),
    ]:
        assert profile_of(provider, model).name == name


class Deep(BaseModel):
    inner: dict[str, int]


def nest(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": False}
    return schema


@pytest.mark.parametrize(
    ("provider", "into", "why"),
    [
        ("azure", nest(6), "it is nested deeper than 5 levels"),
        ("openai", nest(11), "it is nested deeper than 10 levels"),
        ("anthropic", Tree, "may hold itself"),
        ("gemini", {"type": "object", "properties": {"a": {}}}, "may be anything"),
        ("anthropic", Deep, "is open"),
        (
            "azure",
            {"type": "object", "properties": {f"p{n}": {"type": "integer"} for n in range(101)}},
            "it has 101 members, of which 100 are taken",
        ),
        (
            "openai",
            {"type": "object", "properties": {"a": {"enum": [f"{n}" for n in range(1001)]}}},
            "it has 1,001 fixed values, of which 1,000 are taken",
        ),
        (
            "anthropic",
            {"type": "object", "properties": {f"p{n}": {"type": "integer"} for n in range(25)}},
            "it has 25 optional members, of which 24 are taken",
        ),
    ],
)
def test_what_a_provider_cannot_take_is_known_with_its_reason(provider: str, into: Any, why: str) -> None:
    fit = shape_of(into).fit(provider, f"{provider}/model", "json_schema")
    assert fit.target is None
    assert why in fit.why


def test_the_next_profile_may_take_what_another_does_not() -> None:
    assert shape_of(nest(6)).fit("openai", "openai/gpt-4o", "json_schema").target is not None
    assert shape_of(Deep).fit("gemini", "gemini/gemini-2.5-pro", "json_schema").target is not None
    assert shape_of(Tree).fit("gemini", "gemini/gemini-2.5-pro", "json_schema").target is not None
    assert shape_of(nest(6)).fit("azure", "azure/mine", "tools").target is not None


class Priced(BaseModel):
    price: float = Field(ge=0, description="in euros")
    code: str = Field(pattern="^[A-Z]{3}$")
    note: str = ""


def test_what_the_sent_schema_does_not_say_is_listed_place_by_place() -> None:
    for provider, told in [
        (
            "openai",
            [
                "$: members of other names cannot be given",
                "$: note is always given, as null where it would be left out",
                "$.code: said in words, not enforced: matches ^[A-Z]{3}$",
            ],
        ),
        (
            "anthropic",
            [
                "$: members of other names cannot be given",
                "$.code: said in words, not enforced: matches ^[A-Z]{3}$",
                "$.price: said in words, not enforced: >= 0",
            ],
        ),
    ]:
        assert sorted(shape_of(Priced).fit(provider, f"{provider}/m", "json_schema").differences) == sorted(told)


def test_references_are_written_out_for_those_who_take_none() -> None:
    fit = shape_of(Invoice).fit("gemini", "gemini/gemini-2.5-pro", "tools")
    assert fit.target is not None
    assert "$defs" not in fit.target.schema
    assert not any("$ref" in each for each in schemas.every(fit.target.schema))


def test_many_references_to_each_other_are_not_written_out_without_end() -> None:
    definitions: dict[str, Any] = {"N0": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    for n in range(1, 40):
        ref = {"$ref": f"#/$defs/N{n - 1}"}
        definitions[f"N{n}"] = {"type": "object", "properties": {"a": ref, "b": ref}, "required": ["a", "b"]}
    fit = shape_of({"$ref": "#/$defs/N39", "$defs": definitions}).fit("gemini", "gemini/gemini-2.5-pro", "tools")
    assert fit.target is None
    assert "too large" in fit.why


def test_the_same_target_is_given_again() -> None:
    shape = shape_of(Owner)
    first = shape.fit("openai", "openai/gpt-4o", "json_schema")
    assert first is shape.fit("openai", "openai/gpt-4o-mini", "json_schema")
