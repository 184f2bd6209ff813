"""Options are checked when they are given, not when they are sent."""

from __future__ import annotations

import pytest

from patterns import Image, Message, Pattern, override
from patterns.errors import InputError
from patterns.setup import Setup
from patterns.testing import FakeModel


def test_options_and_sampling_parameters_find_their_place() -> None:
    setup = Setup().changed({"model": "m", "temperature": 0.5, "stop": ["END"], "reasks": 0})
    assert (setup.model, setup.reasks) == ("m", 0)
    assert (setup.options.temperature, setup.options.stop) == (0.5, ("END",))


def test_one_stop_sequence_may_come_alone() -> None:
    assert Setup().changed({"stop": "END"}).options.stop == ("END",)


WRONG = [
    ({"temprature": 1}, "no such option: temprature"),
    ({"temperature": 3}, "temperature must be a number from 0 to 2"),
    ({"temperature": "hot"}, "temperature must be a number"),
    ({"top_p": 1.5}, "from 0 to 1"),
    ({"n": 0}, "at least 1"),
    ({"n": True}, "must be a number"),
    ({"timeout": 0}, "above 0 seconds"),
    ({"mode": "xml"}, "mode must be one of"),
    ({"repair": "all"}, "repair must be one of none, syntax, align"),
    ({"fallbacks": "gpt"}, "a list of models"),
    ({"model": 3}, "model must be the name of a model"),
    ({"history": ["hi"]}, "history must be a list of patterns.Message"),
    ({"tools": ["search"]}, "tools must be a list of functions and of patterns.Tool"),
    ({"stop": 5}, "stop must be a text or a list of texts"),
    ({"logit_bias": 5}, "logit_bias must be a mapping"),
    ({"extra": {"api_key": "x"}}, "does not belong in the options"),
    ({"extra": {"extra_headers": {"Authorization": "Bearer x"}}}, "does not belong in the options"),
    ({"api_base": "http://user:pass@127.0.0.1/v1"}, "does not belong in the options"),
]


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_a_wrong_option_says_what_it_takes(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Setup().changed(changes)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(InputError) as caught:
        Setup().changed({"temprature": 1})
    assert "temperature" in caught.value.hint


def test_an_address_is_sent_only_where_that_is_allowed() -> None:
    turn = [Message("user", ("Look:", Image("https://a.example/cat.png"))), Message("assistant", "A cat.")]
    talk = Pattern("plain_text/complete", output=str, history=turn)
    with FakeModel(["Yes."] * 3):
        with pytest.raises(InputError, match="allow_urls is not set"):
            talk("Sure?")
        assert talk.with_options(allow_urls=True)("Sure?") == "Yes."
        with override(allow_urls=True):
            assert talk("Sure?") == "Yes."
            with pytest.raises(InputError, match="allow_urls is not set"):
                talk.with_options(allow_urls=False)("Sure?")
