"""What a fixture did to one desk, done again to the next: the same command on the same files at the same time.

The fixtures of a module furnish the same desk for each of its tests. A command of theirs runs once; when the next test's
fixture gives it to a folder with the same files, byte for byte, the files it left and what it printed are put there.
The commands of the tests themselves always run.

Only what is a function of its files is done again: the clock is fixed, the store is a file of this folder, nothing else
of the machine is named, and nobody has the desk open. Where a fixture could have changed the program (`monkeypatch`),
all commands run.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

# What sets a desk up, and neither sends nor asks the machine anything.
_COMMANDS = frozenset(
    "alias asset assign attach calendar canned claim client close config delete department edit hold init invoice link "
    "merge new note priority rate reopen reply resolve schedule sla snooze start split team time token topic type "
    "undo unlink user view workflow".split()
)
_MOST_KEPT, _MOST_BYTES = 150, 4 << 20

Ran = tuple[int, bytes, bytes]
Files = Mapping[str, tuple[int, bytes | None]]  # mode and content by relative path; folders have none


class _Done(NamedTuple):
    left: Files
    said: Ran


class _Kept:
    """The last runs, by what they depend on."""

    def __init__(self) -> None:
        self.runs: OrderedDict[object, _Done] = OrderedDict()
        self.replayed = self.ran = 0

    def get(self, key: object) -> _Done | None:
        if (found := self.runs.get(key)) is not None:
            self.runs.move_to_end(key)
        return found

    def put(self, key: object, done: _Done) -> None:
        self.runs[key] = done
        while len(self.runs) > _MOST_KEPT:
            self.runs.popitem(last=False)


KEPT = _Kept()
# Whether a fixture is being made that may be given the results of another.
_are_on = [False]


def while_furnishing(on: bool) -> bool:
    """Say whether commands may be replayed from now on; return what was said before."""
    before, _are_on[0] = _are_on[0], on
    return before


def run(
    argv: Sequence[str], env: Mapping[str, str], folder: Path, stdin: bytes | None, really: Callable[[], Ran]
) -> Ran:
    """What ``really`` returns and leaves in ``folder``, or did before in one that was the same."""
    if not _are_on[0] or not _is_function_of_files(argv, env, folder):
        return really()
    before = _files(folder)
    if before is None:
        return really()
    here = str(folder)
    key = (
        tuple(word.replace(here, "\0") for word in argv),
        frozenset((name, value.replace(here, "\0")) for name, value in env.items()),
        stdin,
        frozenset(before.items()),
    )
    if (done := KEPT.get(key)) is not None:
        KEPT.replayed += 1
        _put(folder, before, done.left)
        code, out, err = done.said
        return code, out.replace(b"\0", os.fsencode(here)), err.replace(b"\0", os.fsencode(here))
    KEPT.ran += 1
    code, out, err = really()
    left, name = _files(folder), os.fsencode(here)
    if left is not None and b"\0" not in out + err:
        changed = [
            content for path, (_, content) in left.items() if left[path] != before.get(path) and content
        ]
        if not any(name in content for content in changed):
            KEPT.put(key, _Done(left, (code, out.replace(name, b"\0"), err.replace(name, b"\0"))))
    return code, out, err


def _is_function_of_files(argv: Sequence[str], env: Mapping[str, str], folder: Path) -> bool:
    inside = f"{folder}{os.sep}"
    return (
        bool(argv)
        and argv[0] in _COMMANDS
        and "TIX_NOW" in env
        and env.get("TIX_STORE", "").startswith(inside)
        and not any(word.startswith(("/", "~")) and not word.startswith(inside) for word in argv)
        and threading.active_count() == 1
        and not _is_open(inside)
    )


def _is_open(inside: str) -> bool:
    """Whether this process has a file of the folder open; closing another one of it would end SQLite's locks."""
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith(inside):  # noqa: PTH115
                return True
        except OSError:  # that of the list itself
            continue
    return False


def _files(folder: Path) -> Files | None:
    """Everything in the folder; None where that is too much, or not only files and folders."""
    found: dict[str, tuple[int, bytes | None]] = {}
    left, waiting = _MOST_BYTES, [""]
    while waiting:
        within = waiting.pop()
        with os.scandir(folder / within) as entries:
            for entry in entries:
                path, mode = f"{within}{entry.name}", entry.stat(follow_symlinks=False).st_mode
                if S_ISDIR(mode):
                    found[path] = mode, None
                    waiting.append(f"{path}/")
                elif S_ISREG(mode) and (left := left - entry.stat().st_size) >= 0:
                    with open(entry.path, "rb") as file:
                        found[path] = mode, file.read()
                else:
                    return None
    return found


def _put(folder: Path, before: Files, after: Files) -> None:
    """Make of a folder with the files ``before`` one with the files ``after``."""
    for path in sorted(before.keys() - after.keys(), reverse=True):
        (os.rmdir if before[path][1] is None else os.unlink)(folder / path)
    for path in sorted(after):
        if (now := after[path]) == (was := before.get(path)):
            continue
        mode, content = now
        if content is not None:
            (folder / path).write_bytes(content)
        elif was is None:
            (folder / path).mkdir()
        (folder / path).chmod(mode & 0o7777)
