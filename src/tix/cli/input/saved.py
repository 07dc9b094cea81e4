"""The drafts of a person: each a text in a file of its own, and beside it the command that it was for.

The text is ``drafts/NAME.txt`` in the state folder, and its command ``draft-commands/NAME.json``, both for their owner
alone. A text without a command, such as one of an older tix, can be read and deleted, and sent by hand.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tix.cli import parser
from tix.cli.session import Invocation
from tix.cli.user_config import state_folder
from tix.domain.databases import shown
from tix.errors import InvalidValue, NotFound
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said

# Options that say where a text comes from, with their value or without.
_WITH_VALUE = ("-m", "--message", "-F", "--file")
_ALONE = ("-e", "--editor")
# What decides where and as whom a command runs, besides its options.
VARIABLES = ("TIX_STORE", "TIX_USER")
# The label of a text whose verb and ticket are known, as in triage.
_TRIAGE = "triage"


class Draft(NamedTuple):
    """A saved text: its name, its file, when it was saved (UTC seconds), and what it was for.

    ``argv`` is the command without its text, None if that is not known; ``folder`` and ``environment`` are those in
    which it was typed. ``key`` is the idempotency key of every attempt to send it.
    """

    name: str
    path: Path
    at: int
    argv: list[str] | None
    folder: str
    environment: Mapping[str, str]
    key: str

    @property
    def body(self) -> str:
        """Return the text."""
        return self.path.read_text(encoding="utf-8", errors="surrogateescape")


def commands_folder() -> Path:
    """Return the folder of the commands."""
    return state_folder() / "draft-commands"


def keep_command(early: Invocation, what: str, name: str) -> None:
    """Save the command that a text was for. Raises OSError."""
    from uuid import uuid4

    folder = commands_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = early.argv
    if given[:1] == [_TRIAGE] or what.partition(".")[0] not in given:
        given = _of_label(early, what)
    _write(
        folder / f"{name}.json",
        {
            "argv": [_without_password(word) for word in without_text(given)],
            "folder": os.getcwd(),  # noqa: PTH109  # may be gone: then OSError, as for the file
            "environment": {name: shown(os.environ[name]) for name in VARIABLES if os.environ.get(name)},
            "key": _value_of(given, "--idempotency-key") or f"draft-{uuid4()}",
        },
    )


def _without_password(word: str) -> str:
    """Return a word of a command line; an address of a database without its password, which is written down nowhere."""
    option, equals, value = word.partition("=")
    return f"{option}={shown(value)}" if option == "--store" and equals else shown(word)


def environment_of(draft: Draft) -> dict[str, str]:
    """Return the variables that decide where a draft is sent; a password of the store is that of now."""
    found = dict(draft.environment)
    own = os.environ.get("TIX_STORE", "")
    if own and shown(own) == found.get("TIX_STORE"):
        found["TIX_STORE"] = own
    return found


def without_text(argv: Sequence[str]) -> list[str]:
    """Return a command line without the options that give its text."""
    kept: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            return [*kept, word, *words]
        if word in _WITH_VALUE:
            next(words, None)
        elif word not in _ALONE and not _is_joined(word):
            kept.append(word)
    return kept


def every() -> list[Draft]:
    """Return the drafts, oldest first."""
    folder = state_folder() / "drafts"
    found = [_draft(path) for path in folder.glob("*.txt") if path.is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda one: (one.at, one.name))


def find(word: str | None) -> Draft:
    """Return the draft of that name, or of the only one whose name has it; without a word the only one there is.

    Raises NotFound, and InvalidValue where there are several.
    """
    there = every()
    if not there:
        raise NotFound(Said("there are no drafts"))
    if word is None:
        matching = there
    else:
        exact = [one for one in there if one.name == word]
        matching = exact or [one for one in there if word in one.name]
    if not matching:
        raise NotFound(Said("no draft '{word}'", word=word), hint="tix draft list")
    if len(matching) > 1:
        names = ", ".join(one.name for one in matching[-3:])
        what = "there are several drafts" if word is None else f"'{word}' is in the names of several drafts"
        raise InvalidValue(f"{what}: {names}", hint="tix draft list")
    return matching[0]


def remove(names: Iterable[str]) -> None:
    """Delete drafts with their commands."""
    for name in names:
        (state_folder() / "drafts" / f"{_PREFIX}{name}.txt").unlink(missing_ok=True)
        (commands_folder() / f"{_PREFIX}{name}.json").unlink(missing_ok=True)


def rewrite(draft: Draft, body: str, argv: list[str] | None = None) -> Draft:
    """Replace the text of a draft, and its command if one is given. Another text gets another key. Raises OSError."""
    from uuid import uuid4

    part = draft.path.with_name(f".{draft.path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(body)
        os.fsync(descriptor)
    part.replace(draft.path)
    new = draft._replace(argv=draft.argv if argv is None else argv, key=f"draft-{uuid4()}")
    path = commands_folder() / f"{_PREFIX}{new.name}.json"
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(
        path,
        {
            "argv": new.argv,
            "folder": new.folder,
            "environment": dict(new.environment),
            "key": new.key,
        },
    )
    return new


_PREFIX = "tix-"


def _draft(path: Path) -> Draft:
    name = path.stem.removeprefix(_PREFIX)
    found: Any = {}
    with suppress(OSError, ValueError):
        found = json.loads((commands_folder() / f"{path.stem}.json").read_text(encoding="utf-8"))
    argv = found.get("argv") if isinstance(found, dict) else None
    known = isinstance(argv, list) and all(isinstance(word, str) for word in argv)
    environment = found.get("environment", {}) if known else {}
    return Draft(
        name,
        path,
        int(path.stat().st_mtime),
        argv if known else None,
        str(found.get("folder", "")) if known else "",
        {key: str(value) for key, value in environment.items() if key in VARIABLES},
        str(found.get("key", "")) if known else "",
    )


def _write(path: Path, values: Mapping[str, Any]) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)


def _of_label(early: Invocation, what: str) -> list[str]:
    """Return the command of a text that was typed inside another one: ``reply.12`` is ``tix reply 12``."""
    verb, _, number = what.partition(".")
    options = [
        word
        for name, option in (("store", "--store"), ("as_", "--as"))
        if early.given.get(name)
        for word in (option, str(early.given[name]))
    ]
    return [verb, *([number] if number else []), *options]


def _is_joined(word: str) -> bool:
    """Whether a word is an option of a text with its value: ``--message=x``, ``-mx``."""
    if word.startswith(("--message=", "--file=")):
        return True
    return len(word) > 2 and word[:2] in ("-m", "-F")


def _value_of(argv: Sequence[str], option: str) -> str | None:
    for place, word in enumerate(argv):
        if word == option and place + 1 < len(argv):
            return argv[place + 1]
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


# --------------------------------------------------------------------------------------------------- sending


def line_of(draft: Draft) -> list[str]:
    """Return the command line that sends a draft, with its text as a file and its key if the command takes one.

    Raises InvalidValue where it cannot be told.
    """
    hint = f"run the command again with -F {draft.path}"
    if draft.argv is None:
        raise InvalidValue(Said("what draft {name} was for is not known", name=draft.name), hint=hint)
    if "-" in draft.argv:
        raise InvalidValue(
            Said("the tickets of draft {name} came through a pipe", name=draft.name), hint=hint
        )
    line = [*_front(draft.argv), "-F", str(draft.path), *_rest(draft.argv)]
    if parser.read(line) is None:
        raise InvalidValue(
            f"draft {draft.name} is no text of a command: tix {' '.join(draft.argv)}", hint=hint
        )
    if draft.key and _value_of(draft.argv, "--idempotency-key") is None:
        keyed = [*_front(line), "--idempotency-key", draft.key, *_rest(line)]
        return keyed if parser.read(keyed) is not None else line
    return line


def _front(argv: Sequence[str]) -> list[str]:
    """Return the words before ``--``, after which everything is an argument."""
    return list(argv[: argv.index("--")]) if "--" in argv else list(argv)


def _rest(argv: Sequence[str]) -> list[str]:
    return list(argv[argv.index("--") :]) if "--" in argv else []


def lacks_subject(draft: Draft) -> bool:
    """Whether it is a new ticket whose subject was typed with the text: its first line."""
    if draft.argv is None:
        return False
    call = parser.read(draft.argv)
    return call is not None and call.name == "new" and call.given.get("subject") is None
