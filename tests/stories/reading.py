"""How the stories read what a desk says."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import engines
from tests.harness import Shell, Terminal

# The keys of the interface page, §6: those of `list` and those `show` adds.
LIST_KEYS = (
    "ref number subject status phase priority type topic department team assignee requester requester_name "
    "requester_email client creator source about tags due_at overdue answered entries attachments rating "
    "created_at updated_at last_activity_at last_replier resolved_at closed_at closed_by version"
).split()
SHOW_KEYS = (
    "uid prefix email phone notify_email sla assets fields watchers links merged_into reopened lapses_at "
    "snoozed_until time_seconds unbilled_seconds rating_comment rated_at idempotency_key category thread"
).split()
# What `show` tells beyond that page.
MORE_KEYS = "response_due_at response_met resolution_met".split()
ITEM_KEYS = "id at kind by by_name via side body internal attachments event".split()
MORE_ITEM_KEYS = ["origin", "untrusted"]

# `tix` for the lines that need a shell with its pipes.
TIX = f"{sys.executable} -m tix"


def show(desk: Shell, ref: object = 1, **how: Any) -> dict[str, Any]:
    """The ticket, as `tix show REF --json` tells it."""
    return desk.tix("show", ref, "--json", **how).json


def refs(desk: Shell, *words: object, **how: Any) -> list[str]:
    """The references that `tix list`, or another command that prints records, gives."""
    return desk.tix(*words, "-o", "ids", **how).refs


def entries(ticket: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    """What people wrote, in order; of these kinds only."""
    wanted = kinds or ("message", "reply", "note")
    return [item for item in ticket["thread"] if item["kind"] in wanted]


def bodies(ticket: dict[str, Any], *kinds: str) -> list[str]:
    return [item["body"] for item in entries(ticket, *kinds)]


def events(ticket: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    """The items of the thread that are events of these types, in order."""
    found = [item for item in ticket["thread"] if item["kind"] == "event"]
    return [item for item in found if not types or item["event"]["type"] in types]


def changes(ticket: dict[str, Any], type: str = "status-changed") -> list[tuple[Any, Any]]:
    """Old and new of every event of that type, in order."""
    return [(item["event"]["old"], item["event"]["new"]) for item in events(ticket, type)]


def shell(desk: Shell, line: str, **how: Any) -> Any:
    """A line of a shell, in which `tix` is the program."""
    return desk.run("sh", "-c", line.replace("tix ", TIX + " "), **how)


def screen(terminal: Terminal, check: int = 0) -> str:
    """All that the program printed on its terminal until it ended."""
    terminal.wait(check)
    return terminal.text


def answer(terminal: Terminal, question: str, keys: str) -> None:
    """Wait for the question, type the answer and Enter."""
    terminal.expect(question)
    terminal.send(keys + "\r")


# What a server keeps of requests, also of those that were refused: when a key was used, and which answer it got.
_OF_REQUESTS = ('INSERT INTO "token" ', 'INSERT INTO "keyed_write" ')


def content(desk: Shell) -> list[str]:
    """Everything in the store, as SQL."""
    if not desk.store.exists():
        return []
    return [line for line in engines.content(desk.store) if not line.startswith(_OF_REQUESTS)]


@contextmanager
def untouched(desk: Shell) -> Iterator[None]:
    """What happens inside leaves the store as it was."""
    before = content(desk)
    yield
    assert content(desk) == before


def files_with(folder: Path, words: bytes) -> list[Path]:
    """The files under the folder in which these bytes stand."""
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


def heard(desk: Shell, login: str) -> list[tuple[str, str]]:
    """What somebody is to hear of, oldest first: the reference and who did it."""
    found = desk.tix("notification", "list", "--json", as_=login).json
    return [(item["ref"], item["by"]) for item in sorted(found, key=lambda item: item["id"])]


def names(files: Sequence[dict[str, Any]]) -> list[str]:
    return [file["name"] for file in files]
