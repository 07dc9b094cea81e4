"""Make commands of functions: what runs when the command line has been read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tix.cli import signals
from tix.cli.options import Globals
from tix.cli.session import Invocation, Session
from tix.errors import BrokenOff
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.parameters import Argument, Option
    from tix.render.records.formats import Kind


# The option set of how a command writes, which its function does not take (``cli.writes.command``).
TRIAL = "trial"


class Signature:
    """The parameters of a command that is made in a loop, in place of its function's own: a resource's ``add``.

    ``declared`` holds, by the parameter's name, its type, its declaration and its default; ``...`` is none.
    """

    __slots__ = ("declared", "sets")

    def __init__(
        self,
        declared: Mapping[str, tuple[Any, Option | Argument, Any]],
        sets: Mapping[str, Any],
    ) -> None:
        self.declared = declared
        self.sets = sets


class Command:
    """A command: a ``function(session, …)``, whose other parameters are options, arguments, and option sets.

    An option set is a NamedTuple of annotated options; its parameter has an instance as its default. ``signature``
    replaces the parameters of the function. The global options come with every command.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        pages: bool = False,
        reads: bool = False,
        kind: Kind | None = None,
        signature: Signature | None = None,
        epilog: str | None = None,
        needs_desk: bool = True,
    ) -> None:
        self.function = function
        self.signature = signature
        self.epilog = epilog
        # What it prints, and whether it changes nothing.
        self.kind = kind
        self.reads = reads or pages
        self._pages = pages
        self._needs_desk = needs_desk

    @property
    def help(self) -> str:
        """The text that ``--help`` prints."""
        return self.function.__doc__ or ""

    def run(self, early: Invocation, name: str, given: Mapping[str, Any]) -> Any:
        """Run the command with the values that were given, by parameter: ``status``, or ``filters.status`` of a set.

        ``name`` is the whole name of the command, whatever alias was typed: ``user list``.
        """
        values = self._values(given)
        session = self._session(early, name, given)
        if session.options.timeout is not None:
            signals.end_after(session.options.timeout)
        repeats: Any = None
        while True:
            try:
                return self._run(session, name, values)
            except BrokenOff as error:
                if not self._may_repeat(session):
                    raise
                if repeats is None:
                    from tix.cli.repeats.runs import Repeats

                    repeats = Repeats(early)
                if not repeats.again(error):
                    raise repeats.first from error
                session = self._session(early, name, given)

    def _session(self, early: Invocation, name: str, given: Mapping[str, Any]) -> Session:
        """Return the session of one run. Raises ReadOnly, NotOffered."""
        session: Session = early.make_session(early, Globals(**early.given))
        if self._needs_desk:
            session.refuse_unless_offered(name)
        session.command = name
        session.rehearses = any(given.get(f"{place}dry_run") for place in ("", "bulk.", "how.", "trial."))
        if not (self.reads or session.rehearses):
            session.refuse_read_only(name)
        session.given = given
        return session

    def _may_repeat(self, session: Session) -> bool:
        """Whether a run that a server broke off may be followed by another: not where what is read goes into a file or a pager, nor a line of ``tix apply``."""
        if session.early.make_session is not Session:
            return False
        return not self.reads or (self._pages and not session.on_terminal)

    def _run(self, session: Session, name: str, values: dict[str, Any]) -> Any:
        try:
            done = self.call(session, name, values)
            if session.rehearses:
                session.say(Said("Nothing was written (--dry-run)."))
        except BaseException:
            session.close(failed=True)
            raise
        session.close()
        return done

    def option_sets(self) -> dict[str, Any]:
        """Return the default of each option set, by its parameter's name."""
        if self.signature is not None:
            return dict(self.signature.sets)
        defaults = self.function.__defaults__ or ()
        names = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
        named = zip(names[len(names) - len(defaults) :], defaults, strict=True)
        return {name: default for name, default in named if hasattr(default, "_fields")}

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        parts: dict[str, dict[str, Any]] = {}
        for name, value in given.items():
            option_set, dot, field = name.partition(".")
            if option_set == TRIAL:
                continue  # for what calls the function
            if dot:
                parts.setdefault(option_set, {})[field] = value
            else:
                values[name] = value
        if self.signature is not None:
            declared = self.signature.declared.items()
            values = {
                **{name: default for name, (_, _, default) in declared},
                **self.signature.sets,
                **values,
            }
        if parts:
            sets = self.option_sets()
            values |= {name: sets[name]._replace(**fields) for name, fields in parts.items()}
        return values

    def call(self, session: Session, _name: str, values: dict[str, Any]) -> Any:
        """Call the function with its values; the kinds of commands differ in how."""
        return self._paged(session, values) if self._pages else self.function(session, **values)

    def _paged(self, session: Session, values: dict[str, Any]) -> Any:
        goes_on = values.get("watch") is not None or values.get("follow")
        if goes_on or not session.on_terminal or session.options.no_pager:
            return self.function(session, **values)
        from tix.cli.terminal import pager

        command = pager.chosen(session)
        if not command:
            return self.function(session, **values)
        with pager.Paged(session, command):
            done = self.function(session, **values)
            session.close()  # so that its last messages are paged too, and no lock is kept while the person reads
        return done


class Words:
    """A command whose arguments are words of any kind, options too: ``function(early, words)``."""

    def __init__(self, function: Callable[[Invocation, Sequence[str]], Any]) -> None:
        self.function = function

    @property
    def help(self) -> str:
        """The text that ``--help`` prints."""
        return self.function.__doc__ or ""

    def run(self, early: Invocation, name: str, given: Mapping[str, Any]) -> Any:  # as Command.run
        """Run the command with ``words``."""
        return self.function(early, given.get("words", ()))


def command(function: Callable[..., Any]) -> Command:
    """Return ``function(session, …)`` as a command."""
    return Command(function)


def reading(function: Callable[..., Any]) -> Command:
    """Like ``command``, for a command that only reads: on a terminal, output longer than the screen is paged.

    Which one, is said in ``terminal.pager``. Output that continues until ctrl-c (``--watch``, ``--follow``) is not paged.
    """
    return Command(function, pages=True)


def unpaged(function: Callable[..., Any]) -> Command:
    """Like ``reading``, for output that is not paged, such as a file."""
    return Command(function, reads=True)


def prints(kind: Kind) -> Callable[[Command], Command]:
    """Declare the records that a command prints: by its fields, ``--json ref,subject`` is told from a word."""

    def declare(command: Command) -> Command:
        command.kind = kind
        return command

    return declare


def page(function: Callable[..., Any]) -> Command:
    """Like ``reading``, for a command that knows of no desk: it works whatever is wrong with the settings."""
    return Command(function, pages=True, needs_desk=False)
