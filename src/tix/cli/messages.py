"""What tix says on stderr: words for people or, with ``--json``, an object a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tix.typing import Literal

# The version of all JSON that tix prints. Raised where something that was there is gone, or means something else.
SCHEMA_VERSION = 1
_JSON = ("--json", "--jq", "--envelope", "-ojson", "-ojsonl", "--output=json", "--output=jsonl")


def wants_json(argv: Sequence[str]) -> bool:
    """Return whether stderr is JSON: with ``--json``, ``--jq`` or ``-o json``, wherever it stands."""
    before = None
    for word in argv:
        if word == "--":
            return False
        if word in _JSON or word.startswith(("--json=", "--jq=")):
            return True
        if before in ("-o", "--output") and word in ("json", "jsonl"):
            return True
        before = word
    return False


def message(
    argv: Sequence[str], kind: Literal["notice", "warning"], words: str, code: str | None = None
) -> str:
    """Return a line of stderr that is no failure; ``code`` is stable, for programs."""
    if wants_json(argv):
        from tix.domain.json_columns import encoder

        facts = {"message": str(words)} if code is None else {"code": code, "message": str(words)}
        return encoder()({kind: facts}) + "\n"
    from tix.render.safe import safe_line
    from tix.words.sentence import shown

    return shown(words, safe_line) + "\n"


def draws_progress(argv: Sequence[str]) -> bool:
    """Return whether progress can be drawn on stderr: it is a terminal, and holds no JSON."""
    return sys.stderr.isatty() and not wants_json(argv)
