"""What a server of tools offers, and what a call answers: values of ours, without the library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tix.typing import Any, NamedTuple


class Tool(NamedTuple):
    """A tool: its name, a sentence, and JSON Schemas of what it takes and answers.

    ``reads``: it changes nothing; ``destroys``: what it removes or sends cannot be had back; ``repeats``: the same call again
    changes nothing more.
    """

    name: str
    summary: str
    takes: dict[str, Any]
    answers: dict[str, Any]
    reads: bool
    destroys: bool
    repeats: bool


class Answer(NamedTuple):
    """What a call answers, as an object; ``failed``: with an error in it."""

    content: dict[str, Any]
    failed: bool


Call = Callable[[str, Mapping[str, Any]], Answer]
