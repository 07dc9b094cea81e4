"""Killing a write at some instant, and judging what is left: all of it or nothing, all of it if acknowledged."""

import importlib.util
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.harness import Shell, is_our_traceback
from tests.soak.states import NOW, Contents, contents, differences, is_whole, reset


class Write(NamedTuple):
    """One command that writes. `argv` gets the folder with the files; `fresh` is one that makes the store."""

    name: str
    argv: Callable[[Path], list[str]]
    as_: str | None = None
    fresh: bool = False


WRITES = (
    Write("new", lambda f: ["new", "Words", "-m", "More words.", "--for", "new@x.example", "--tag", "x"]),
    Write("new-attach", lambda f: ["new", "Words", "-m", "More.", "--attach", f"{f}/big.txt"]),
    Write("first-new", lambda f: ["new", "The very first", "-m", "Words."], fresh=True),
    Write("init", lambda f: ["init", "--prefix", "ABC-", "--workflow", "helpdesk"], fresh=True),
    Write("reply", lambda f: ["reply", "2", "-m", "An answer.", "--status", "on-hold"], "ann"),
    Write("reply-attach", lambda f: ["reply", "2", "-m", "See the file.", "--attach", f"{f}/big.txt"], "ann"),
    Write("message", lambda f: ["reply", "3", "-m", "It is back."], "rob"),
    Write("note", lambda f: ["note", "2", "-m", "For us."], "ann"),
    Write("assign", lambda f: ["assign", "2", "ann", "--note", "Yours."]),
    Write("claim", lambda f: ["claim", "2"], "ann"),
    Write("close", lambda f: ["close", "2", "-m", "Done.", "--note", "At last."], "ann"),
    Write("edit", lambda f: ["edit", "2", "--subject", "New", "-p", "high", "--tag", "y", "--note", "Why."]),
    Write("rate", lambda f: ["rate", "3", "5", "--comment", "Thanks."], "rob"),
    Write("delete", lambda f: ["delete", "2", "--yes"]),
    Write("attach-add", lambda f: ["attach", "add", "2", f"{f}/big.txt", f"{f}/old.txt"], "rob"),
    Write("attach-rm", lambda f: ["attach", "rm", "2", "old.txt"]),
    Write("config-set", lambda f: ["config", "set", "auto_close_after", "1h"]),
    Write("workflow-use", lambda f: ["workflow", "use", "osticket", "--map", "answered=open"]),
    Write("user-add", lambda f: ["user", "add", "zoe", "--role", "agent", "--email", "zoe@x.example"]),
    Write("restore", lambda f: ["db", "restore", f"{f}/backup.db"]),
    Write("tick", lambda f: ["tick"]),
)
if importlib.util.find_spec("tix.cli.commands.import_") is not None:
    WRITES += (Write("import", lambda f: ["import", f"{f}/import.jsonl"]),)


class Trial(NamedTuple):
    """A write, the store before it, and what the store holds before and after it, undisturbed."""

    write: Write
    desk: Shell
    base: Path | None
    before: Contents | None
    after: Contents
    seconds: float

    @property
    def argv(self) -> list[str]:
        """The command."""
        return self.write.argv(self.desk.folder)


class Verdict(NamedTuple):
    """What a disturbed write left: whether it was acknowledged, done, and left a journal to roll back."""

    acknowledged: bool
    done: bool
    journal: bool
    code: int


def trial(desk: Shell, write: Write) -> Trial:
    """`desk` is furnished; it is tried once without disturbance."""
    base = desk.folder / "base"
    if not base.exists():
        shutil.copyfile(desk.store, base)
        desk.tix("note", "12", "-m", "This one goes into the backup.")
        desk.tix("db", "backup", desk.folder / "backup.db")
        if importlib.util.find_spec("tix.cli.commands.import_") is not None:
            reset(desk, None)
            for number in range(30):
                desk.tix("new", f"Imported {number}", "-m", "Far away.", "--attach", desk.folder / "old.txt")
            (desk.folder / "import.jsonl").write_bytes(desk.tix("export").raw_out)
    start = None if write.fresh else base
    reset(desk, start)
    before = None if start is None else contents(desk.store)
    started = time.monotonic()
    desk.tix(*write.argv(desk.folder), as_=write.as_)
    seconds = time.monotonic() - started
    return Trial(write, desk, start, before, contents(desk.store), seconds)


def kill(one: Trial, chance: random.Random, how: signal.Signals = signal.SIGKILL) -> Verdict:
    """Kills the write at a random instant: at any, near its end, or just after a journal is seen."""
    desk = one.desk
    reset(desk, one.base)
    process = desk.start(*one.argv, as_=one.write.as_, now=NOW)
    kind = chance.choice(("any", "late", "journal", "journal"))
    if kind == "journal":
        while process.poll() is None and not _is_writing(desk):
            pass
        time.sleep(chance.uniform(0, 0.008))
    else:
        time.sleep(one.seconds * chance.uniform(0 if kind == "any" else 0.5, 1.1))
    process.send_signal(how)
    out, err = process.communicate()
    assert not is_our_traceback(err), err.decode()
    return judge(one, process.returncode, out)


def judge(one: Trial, code: int, out: bytes) -> Verdict:
    """Looks at the store after a disturbed write, and asserts what the reliability page promises."""
    desk = one.desk
    journal = desk.store.with_name(desk.store.name + "-journal").exists()
    acknowledged = code == 0 or out.strip() != b""
    if one.base is None and not desk.store.exists():
        assert not acknowledged, f"acknowledged, and there is no store: {one.write.name}"
        done = False
    else:
        # tix comes first: what has to be rolled back it has to roll back itself.
        health = desk.tix("doctor", "--json", check=None)
        assert health.code == 0, f"after {one.write.name}, {code}:\n{health}"
        assert is_whole(desk.store)
        found = contents(desk.store)
        done = found == one.after
        assert done or found == one.before, (
            f"half done: {one.write.name}, exit {code}\n"
            f"to before: {differences(found, one.before or {})}\nto after: {differences(found, one.after)}"
        )
        assert done or not acknowledged or one.before == one.after, (
            f"acknowledged, but not there: {one.write}"
        )
    _works(desk)
    return Verdict(acknowledged, done, journal, code)


def _works(desk: Shell) -> None:
    """The next command works, and cleans away what a killed creation left."""
    there = desk.store.exists()
    assert len(desk.tix("new", "Next", "-m", "It works.").refs) == 1
    if not there:
        assert list(desk.folder.glob(f".{desk.store.name}.*.new*")) == []


def _is_writing(desk: Shell) -> bool:
    journal = desk.store.with_name(desk.store.name + "-journal")
    return journal.exists() or any(desk.folder.glob(f".{desk.store.name}.*"))
