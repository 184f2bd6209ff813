"""A DSPy predictor with a typed signature, without its cache."""

from __future__ import annotations

import dspy
from person import BASE, KEY, MODEL, TEXT, Person


class Extract(dspy.Signature):
    """Extract the person from a text."""

    text: str = dspy.InputField()
    person: Person = dspy.OutputField()


dspy.configure(lm=dspy.LM(f"openai/{MODEL}", api_base=BASE, api_key=KEY, cache=False, temperature=0, num_retries=0))
_predict = dspy.Predict(Extract)


def ask() -> Person:
    return _predict(text=TEXT).person


async def aask() -> Person:
    return (await _predict.acall(text=TEXT)).person
