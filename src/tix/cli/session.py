"""The session of a command: the actor, the desk, the time, and where messages go."""

from __future__ import annotations

import os
import sys
import time

from tix.cli.store_paths import checked_store, given_store, is_address
from tix.domain.databases import is_database, shown
from tix.domain.people import login_from_os_name, parse_login
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any, Literal, TextIO
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tix.cli.local import Local
    from tix.cli.options import Globals
    from tix.cli.remote.desk import Remote
    from tix.desk.context import Desk
    from tix.domain.people import Actor


class Finished(Exception):
    """The command has done all that was asked: ``--columns help`` lists the columns and nothing else."""


class Invocation:
    """What is known before a command runs: arguments, global options so far, and typed text."""

    def __init__(self, argv: list[str]) -> None:
        self.argv = argv
        # Finds a command by its whole name, lists what it takes, runs a line with a mistake; set by who runs lines.
        self.command_of: Any = None
        self.parameters_of: Any = None
        self.explain: Any = None
        self.make_session: Any = Session  # of a line of tix apply, one that shares the store
        self.given: dict[str, Any] = {}
        # A text to save if the command fails: what it is for, the text, whether it exists nowhere else.
        self.typed: tuple[str, str, bool] | None = None
        self.store: str | None = None
        # Whether it opened a store to write to, and what was committed there.
        self.writes = False
        self.commits = 0
        # For a command that may run again: texts from the editor, and whether something was printed (cli.repeats.runs).
        self.composed: list[str] = []
        self.printed: Any = None


class Session:
    """One run of one command."""

    def __init__(self, early: Invocation, options: Globals) -> None:
        self.early = early
        self.options = options
        self._store: Any = None
        self._desk: Desk | None = None
        self._remote: Remote | None = None
        self._in_config: tuple[object, str] | None = None
        self._personal: dict[str, Any] | None = None
        # Whether a store of an older format may be brought to ours.
        self.may_migrate = not self.is_read_only
        # The whole name of the command, and whether it only shows what it would do.
        self.command = ""
        self.rehearses = False
        # The transaction of a write that is tried or happens once; what is given and read for it, and its printer.
        self.trial: Any = None  # cli.writes.trial.Trial
        self.given: Mapping[str, Any] = {}
        self.read: list[str] = []
        self.composed = list(early.composed)  # of a run that was broken off: they are not asked for twice
        self.warnings: list[dict[str, str]] = []
        self.printer: Any = None  # cli.output.Printer
        # Where words for a person go while a pager has the terminal: into its page.
        self.aside: TextIO | None = None
        for name, when in (("color", options.color), ("hyperlinks", options.hyperlinks)):
            if when not in (None, "auto", "always", "never"):
                raise InvalidValue(f"'{when}' is not a value of --{name}", hint="use auto, always or never")
        if options.profile is not None:
            os.environ["TIX_PROFILE"] = (
                options.profile
            )  # for the time zone, and for programs that are started
            _ = self.personal  # a profile there is not is refused, whatever the command needs of it
        if options.tz is not None or options.utc:
            from tix.cli.timezone import adopt

            adopt(options.tz, utc=options.utc)

    # ------------------------------------------------------------------------------------ surroundings

    @property
    def on_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def may_ask(self) -> bool:
        """Whether there is a terminal to prompt on."""
        if self.options.no_input or sys.stdin is None:  # closed, as in `<&-`
            return False
        from tix.cli.variables import forbids_questions

        return sys.stdin.isatty() and sys.stdout.isatty() and not forbids_questions()

    @property
    def personal(self) -> dict[str, Any]:
        """The person's settings, flat: ``list.columns``; what cannot be used of them is told once. Raises UnknownName."""
        if self._personal is None:
            from tix.cli.personal import settings

            # Without another store, a file that cannot be read is a failure, which says the same.
            has_store = self.options.store or os.environ.get("TIX_STORE")
            self._personal = settings.in_force(self.warn if has_store else None)
        return self._personal

    @property
    def now(self) -> int:
        """The moment of the whole command, UTC seconds; ``TIX_NOW`` fixes it."""
        fixed = os.environ.get("TIX_NOW")
        if not fixed:
            return int(time.time())
        from tix.domain.times import parse_instant

        try:
            return parse_instant(fixed)
        except InvalidValue as error:
            raise InvalidValue(f"TIX_NOW: {error.message}", hint=error.hint) from error

    def say(self, words: str) -> None:
        """Print a message for people: one line on stderr, unless ``--quiet``; with ``--json`` an object."""
        if not self.options.quiet:
            self._tell("notice", words)

    def tell_done(self, words: str) -> None:
        """Say what was done, or what a rehearsal would do."""
        if self.rehearses:
            from tix.render.conditional import conditional

            words = Said.otherwise(conditional(words), "would be done: {what}", what=words)
        self.say(words)

    def warn(self, code: str, words: str) -> None:
        """Print a warning: something is done, and yet worth a look. ``code`` is stable, for programs."""
        self.warnings.append({"code": code, "message": words})
        self._tell("warning", words, code)

    def _tell(self, kind: Literal["notice", "warning"], words: str, code: str | None = None) -> None:
        from tix.cli.messages import message

        line = message(self.early.argv, kind, words, code)
        stream = sys.stderr if self.aside is None or not sys.stderr.isatty() else self.aside
        try:  # noqa: SIM105  # contextlib is not loaded by what every command does
            stream.write(line)
        except OSError:
            pass  # stderr itself cannot be written: that changes nothing

    @property
    def has_written(self) -> bool:
        """Whether something was committed."""
        return bool(self.early.commits or (self._store is not None and self._store.commits))

    @property
    def server(self) -> str | None:
        """The address of the server that has the desk, or None where tix itself opens the store."""
        given: object = self.options.store or os.environ.get("TIX_STORE")
        if not given:
            try:
                given, _ = self._configured()
            except InvalidValue:
                return None  # told by whoever needs the file
        return given if isinstance(given, str) and is_address(given) else None

    def store_path(self, make_folder: bool = False) -> Path:
        """Where the desk's file is, as a path. Raises what ``store_place`` raises."""
        from pathlib import Path

        return Path(self.store_place(make_folder))

    @property
    def store_key(self) -> str:
        """What files of the person's state call the store: the same from every folder."""
        place = self.store_place()
        return shown(place) if is_database(place) else os.path.abspath(place)  # noqa: PTH100  # at every command

    def store_place(self, make_folder: bool = False) -> str:
        """Where the desk's file is: flag, TIX_STORE, personal config, system config, user data folder.

        Raises InvalidValue when a path somebody gave lies in no existing folder: a typo must not become a desk.
        """
        given = self.options.store or os.environ.get("TIX_STORE")
        if given:
            return checked_store(given)
        from tix.cli import user_config

        value, file = self._configured()
        if value is None:
            return user_config.default_store(make_folder)
        return checked_store(given_store(value, os.path.dirname(file), f"store in {file}"))  # noqa: PTH120

    def _configured(self) -> tuple[object, str]:
        """The store that the personal config names, else the system's, else None; and the file. Raises InvalidValue."""
        if self._in_config is None:
            from tix.cli.personal import settings

            self._in_config = settings.store(os.environ.get("TIX_PROFILE"))
        return self._in_config

    @property
    def remote(self) -> Remote | None:
        """The desk on a server; None where the store is a file. Raises what an address or a key is refused with."""
        if self._remote is None and self.server is not None:
            from tix.cli.remote import address, desk, offered

            where = address.parse_address(self.server)
            if self.options.as_ is not None or os.environ.get("TIX_USER"):
                raise offered.acting(where)
            self._remote = desk.Remote(where, lambda: self.now, self.begin_write)
        return self._remote

    @property
    def records(self) -> Local | Remote:
        """The desk as records, in a file or on a server."""
        found = self.remote
        if found is not None:
            return found
        from tix.cli.local import Local

        return Local(self.reader)

    def refuse_unless_offered(self, command: str) -> None:
        """Refuse a command that a server does not offer, before it does anything. Raises NotOffered."""
        if self.server is not None:
            from tix.cli.remote import address, offered

            offered.require(command, address.parse_address(self.server))

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be written."""
        variable = os.environ.get("TIX_READ_ONLY", "")
        return self.options.read_only or variable.lower() not in ("", "0", "false", "no")

    def refuse_read_only(self, command: str) -> None:
        """Refuse a command that writes, before it does anything, where nothing may be written. Raises ReadOnly."""
        if self.is_read_only:
            from tix.errors import ReadOnly

            why = "--read-only" if self.options.read_only else "TIX_READ_ONLY"
            raise ReadOnly(f"tix {command} writes, and {why} allows only reading")

    def begin_write(self) -> None:
        """Record that a server is asked to write: whoever interrupts from here on cannot know whether it did."""
        self.early.writes = True
        self.early.commits += 1

    def reader(self) -> Desk:
        """Return the desk for reading; an empty desk where there is no store yet."""
        if self._desk is None:
            return self._open_by(_opening().for_reading, self.store_place())
        return self._desk

    def writer(self) -> Desk:
        """Return the desk for writing; the first write creates the store.

        Where only reading is allowed, it is for rehearsals alone, which create no store. Raises ReadOnly.
        """
        desk = self._writer()
        if self.trial is not None:
            self.trial.begin(desk)
        return desk

    def _writer(self) -> Desk:
        if self.is_read_only:
            if not self.rehearses:
                self.refuse_read_only(self.command)
            desk = self.reader()
            if not desk.store.exists:
                return desk
        self.early.writes = True
        if self._desk is not None and self._store.exists:
            return self._desk
        return self._open_by(_opening().for_writing, self.store_place(make_folder=True))

    def create(self, path: Path | str, mode: int = 0o600, group: int | None = None) -> Desk:
        """A new desk; its file has that mode, and belongs to that group. Raises FileExistsError."""
        self._store = _opening().create_store(path, mode, group)
        self._desk = self._opened()
        return self._desk

    def open(self, path: Path | str) -> Desk:
        """The desk of a store that is there and need not be the one that the options name."""
        self._store = _opening().open_store(path)
        self._desk = self._opened()
        return self._desk

    def _open_by(self, opened: Callable[..., Any], place: str) -> Desk:
        """Open the store and return its desk; say what opening it has migrated."""
        self._store = opened(place, self._waiting, may_migrate=self.may_migrate)
        if (done := self._store.migrated) is not None:
            formats = f"from format {done.old} to {done.new}"
            self.say(f"Upgraded the desk at {place} {formats}; the old file is kept at {done.kept}.")
        self._desk = self._opened()
        return self._desk

    def _opened(self) -> Desk:
        from tix.desk.context import Desk

        self.early.store = self._store.place
        if not self._store.is_file:
            from tix.cli.repeats import runs

            runs.watch(self.early)
        now = self.now
        desk = Desk(self._store, self._actor(now), now, lambda: _later().zone())
        desk.date_order = lambda: _later().date_order()
        return desk

    def close(self, failed: bool = False) -> None:
        """Closes the store; says so where the command has made it, or where there is none."""
        if self._remote is not None:
            self._remote.close()
        if self._store is not None:
            if self.trial is not None:
                self.trial.end()
            made = self._store
            if made.created:
                self.say(
                    Said("Created a desk at {path}; {who} is its admin.", path=made.place, who=os_login())
                )
            elif not made.exists and not failed:
                self.say(Said("No desk at {path} yet. To create one: tix new", path=made.place))
            self._store.close()
            self.early.commits += self._store.commits
            self._store = self._desk = None

    def _waiting(self) -> None:
        if sys.stderr.isatty():
            self._tell("notice", Said("tix: another process is writing to the desk; waiting"))

    # ----------------------------------------------------------------------------------------- the actor

    def _actor(self, now: int) -> Actor:
        from tix.desk.context import acting

        wanted = self.options.as_ if self.options.as_ is not None else os.environ.get("TIX_USER") or None
        if self._store.reader is not None:
            from tix.desk.accounts.holder import account_holder

            return account_holder(self._store, wanted)
        return acting(
            self._store,
            os_user(),
            os_login(),
            wanted,
            now,
            full_name=lambda: _later().full_name() or os_login(),
            owns=_owns,
        )


def _owns(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _opening() -> Any:
    """What opens stores."""
    from tix.store import open as store_open

    return store_open


def _later() -> Any:
    """What few commands ask about the person; the module is loaded by those that do."""
    from tix.cli.machine import facts

    return facts


def os_login() -> str:
    """The login of the effective user, from the user database, never from the environment."""
    login = login_from_os_name(os_user())
    try:
        return parse_login(login)
    except InvalidValue:
        return f"{login}-"


def os_user() -> str:
    """The name of the effective user in the user database; ``uid-1234`` where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid-{os.geteuid()}"
