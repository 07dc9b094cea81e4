"""Tell fields after ``--json`` from a word that follows it: ``tix list --json ref,subject``."""

from __future__ import annotations

from tix.cli import compiled_fields

# The beginning of a field that a topic asks for.
_ANSWER = "field."


def are_fields(command: str, word: str) -> bool:
    """Return whether ``word`` is a field of what ``command`` (its whole name) prints, or a list with such a field.

    A list is meant even where one of its names is wrong: the command says which one. ``help`` asks for the names.
    """
    kind = compiled_fields.COMMANDS.get(command)
    if kind is None:
        return False
    if word == "help":
        return True
    known = compiled_fields.KINDS[kind].split()
    return any(name in known or _is_answer(name, known) for name in word.split(","))


def _is_answer(name: str, known: list[str]) -> bool:
    return _ANSWER in known and name.startswith(_ANSWER) and name != _ANSWER
