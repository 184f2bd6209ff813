"""The final answer out of a reasoning text."""

from patterns.output.answer.reader import AnswerReading, read_answer

__all__ = ["AnswerReading", "read_answer"]
