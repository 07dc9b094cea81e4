"""The second driver of the stories: command lines that a server offers go to one, the others to the desk's file.

The server is the product's own, on a thread of the test, and serves the very file of the story. Each person has an API
key, which the driver adds to the file. `tests/stories/conftest.py` runs every story with both drivers.
"""

import re
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from tests.api.site import Site, new_key, served
from tests.harness import Result, Shell, Terminal
from tests.laws import surface
from tests.remote.twins import expect_same
from tix.cli.commands import ALIASES
from tix.cli.remote.offered import OFFERED
from tix.cli.session import os_login
from tix.domain.tickets.references import looks_like_reference

# What differs by its nature, with the reason. Everything else that a server says otherwise than the file is a fault.

# Stories that are about the file alone.
OF_THE_FILE = {
    "test_log_in_as": "a key says who acts, so a server refuses --as and TIX_USER, and nobody has typed it for others",
}
# Options with which a server does not offer a command that it offers without them.
DECLINED = {
    ("show", "--raw-mail"): "the bytes of a mail are for admins, where the desk's file is",
    ("reply", "--editor"): "with --canned: the editor begins with a text that the file has",
}
# Commands that are not tried on a copy of the file too.
NOT_REPEATED = {"attach save": "it leaves files behind, and refuses to replace them"}
# Parts of what a command says, beside those of tests.remote.twins.
DIFFERENT = {
    r'"store": "[^"]*"|store\t\S*': "the desk is at the address of the server",
    r"(?m)^via\t.*$": "a key acts for its owner alone; on the file an admin has acted as somebody else",
    r"Roles on a local file are advisory: .*\n": "on a server they are a wall",
    r"tix: (\S*/desk\.db is not a tix store|the desk.s store cannot be used at the moment)\n.*\n": "a server tells nobody its paths",
    r', "draft": "[^"]*"|  your text is saved.*\n': "of the drafts of one second, a process keeps two",
}


class Lines(NamedTuple):
    """How many command lines went where.

    Those of commands that a server offers: to it, and yet to the file; and those of other commands, to the file.
    """

    server: int = 0
    declined: int = 0
    file: int = 0


class ServerShell(Shell):
    """A desk in a folder, with a server before it.

    A command goes to the file where the server does not offer it or an option of it, where there is no desk yet, and
    where it is to act as somebody who can have no key. `lines` counts those of all desks.
    """

    lines: ClassVar[Lines] = Lines()

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.keys: dict[str, str] = {}
        # The same desk without the server. Its time is the server's: that of the last command.
        self._file = Shell(folder)
        self._site: Site | None = None
        self._running = ExitStack()

    def close(self) -> None:
        super().close()
        self.stop()

    def stop(self) -> None:
        """Stop the server; the next command that it offers starts it again."""
        self._running.close()
        self._site = None

    def tix(self, *args: object, **how: Any) -> Result:
        words, changed = self._routed(args, how, is_process="process" in how or "__complete" in args)
        if changed is how or command_of(words) in NOT_REPEATED:
            return super().tix(*words, **changed)
        here = self._here(args, how)
        there = super().tix(*words, **changed)
        expect_same(here, there, _DIFFERENT)
        return there

    def _here(self, args: Sequence[object], how: dict[str, Any]) -> Result:
        """What the command says on a copy of the file, which it may change."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.store.name
            try:
                with closing(sqlite3.connect(self.store)) as store, closing(sqlite3.connect(copy)) as other:
                    store.backup(other)
            except sqlite3.DatabaseError:  # it is no desk
                shutil.copyfile(self.store, copy)
            copy.chmod(0o600)
            env = {**(how.get("env") or {}), "TIX_STORE": str(copy)}
            return super().tix(*args, **{**how, "env": env, "check": None})

    def start(self, *args: object, **how: Any) -> "subprocess.Popen[bytes]":
        words, changed = self._routed(args, how, is_process=True)
        return super().start(*words, **changed)

    def terminal(self, *args: object, **how: Any) -> Terminal:
        if "program" in how:
            return super().terminal(*args, **how)
        words, changed = self._routed(args, how, is_process=True)
        return super().terminal(*words, **changed)

    def run(self, *argv: object, **how: Any) -> Result:
        """Run a program; a line of a shell goes to the server where that offers all of its commands."""
        if argv[:2] == ("sh", "-c"):
            piped = [shlex.split(one)[3:] for one in str(argv[2]).split("|")]
            offered = all(command_of(one) in OFFERED for one in piped)
            for one in piped:
                _, changed = self._routed(one if offered else ["db", "check"], how, is_process=True)
            how = changed
        return super().run(*argv, **how)

    # ---------------------------------------------------------------------------------------------- the server

    def _routed(
        self, args: Sequence[object], how: dict[str, Any], *, is_process: bool
    ) -> tuple[list[str], dict[str, Any]]:
        """The words and the surroundings of a command: as they were given, or those that ask the server."""
        words = [str(one) for one in args]
        env = dict(how.get("env") or {})
        around = {**self.env, **env}
        login, rest = _acting(words, how.get("as_") or around.get("TIX_USER") or os_login())
        name = command_of(rest)
        self._file.now = env.get("TIX_NOW") or how.get("now") or self.now
        key = None
        if name in OFFERED and around["TIX_STORE"] == str(self.store):
            is_declined = any(name == command and option in rest for command, option in DECLINED)
            key = None if is_declined else self._key(login)
            self._count("declined" if key is None else "server")
        else:
            self._count("file")
        if key is None:
            if is_process:
                self.stop()  # as tests.api.site says: who reads the file in this process ends SQLite's locks
            return words, how
        env |= {"TIX_STORE": self._address(), "TIX_TOKEN": key, "TIX_USER": ""}
        return rest, {**how, "as_": None, "env": env}

    def _key(self, who: str) -> str | None:
        """The key of somebody by login or address; None where there is no desk, and for whom it would not act."""
        if not self.store.exists():
            return None
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as store:
            try:
                login = _owner(store, who)
                if login is None or (login != os_login() and not _is_admin(store, os_login())):
                    return None
            except sqlite3.DatabaseError:  # it is no desk, as the server is to say
                return self.keys.get(who)
        if login not in self.keys:
            self.keys[login] = new_key(self._file, login)
        return self.keys[login]

    def _address(self) -> str:
        if self._site is None:
            self._site = self._running.enter_context(served(self._file, self.keys))
        return f"http://127.0.0.1:{self._site.port}"

    @staticmethod
    def _count(where: str) -> None:
        known = ServerShell.lines
        ServerShell.lines = known._replace(**{where: getattr(known, where) + 1})


_DIFFERENT = [re.compile(pattern) for pattern in DIFFERENT]


def _owner(store: sqlite3.Connection, who: str) -> str | None:
    found = store.execute(
        "SELECT login FROM person WHERE ? IN (login, email) AND active AND merged_into IS NULL",
        (who.strip().lower(),),
    ).fetchone()
    return None if found is None else str(found[0])


def _is_admin(store: sqlite3.Connection, login: str) -> bool:
    found = store.execute("SELECT 1 FROM person WHERE login = ? AND role = 'admin' AND active", (login,))
    return found.fetchone() is not None


def _acting(words: Sequence[str], login: str) -> tuple[str, list[str]]:
    """Who acts by these words, and the words without that."""
    rest = list(words)
    for place, word in enumerate(words):
        if word == "--as" and place + 1 < len(words):
            login = words[place + 1]
            del rest[place : place + 2]
            break
    return login, rest


def command_of(words: Sequence[str]) -> str | None:
    """The whole name of the command that these words are, as `user list`; None where they are none."""
    named = [one for one in words if not one.startswith("-")]
    if not named or {"--help", "--store"}.intersection(words):
        return None
    first = ALIASES.get(named[0], named[0])
    if looks_like_reference(first):
        return "show"
    for length in (3, 2, 1):
        if (name := " ".join([first, *named[1:length]])) in _names():
            return name
    return next((name for name in _names() if name.startswith(f"{first} ")), None)


@cache
def _names() -> tuple[str, ...]:
    return tuple(" ".join(path) for path, _ in surface.leaves())
