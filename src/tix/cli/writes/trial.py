"""Writes to what is no ticket, tried (``--dry-run``) or done once for a key (``--idempotency-key``).

One transaction holds all that a command writes. A trial takes it back; a key is stored in it, with the names of what
was written and not what was said (``desk.idempotency``). Nothing is printed before it is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tix.cli.session import Session
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.desk.context import Desk
    from tix.desk.idempotency import Keyed

# Option sets that say how a command writes and answers, and not what it writes.
_MANNERS = ("output", "format_", "trial", "how", "bulk")
_OF_TICKETS = ("bulk.if_version", "bulk.where", "how.if_version")


class Repeated(Exception):  # not an error: the first result is printed
    """The key has been used for the same write, of what has these names."""

    def __init__(self, names: Sequence[Any], single: bool) -> None:
        super().__init__()
        self.names = names
        self.single = single


def run(
    session: Session,
    command: str,
    function: Callable[..., Any],
    values: Mapping[str, Any],
) -> Any:
    """Run a command that writes. Raises what it raises; KeyReused; NotOffered on a server."""
    given = session.given
    key = given.get("trial.idempotency_key")
    is_tried = bool(given.get("trial.dry_run"))
    remote = session.remote if is_tried or key is not None else None
    if remote is not None:
        remote.refuse(f"--dry-run with tix {command}", is_tried)
        remote.refuse(f"--idempotency-key with tix {command}", key)
    session.trial = Trial(session, command, given, key, is_tried=is_tried)
    try:
        done = function(session, **values)
        session.trial.keep([])
    except Repeated as repeated:
        session.trial.end()
        _tell_again(session, command, repeated)
        return 0
    return done


class Trial:
    """The transaction of one command; of one that is neither tried nor repeated there is none."""

    def __init__(
        self, session: Session, command: str, given: Mapping[str, Any], key: str | None, *, is_tried: bool
    ) -> None:
        self._session, self._command, self._given = session, command, given
        self._is_tried = is_tried
        self._transaction: Any = None
        self._desk: Desk | None = None
        self._keyed: Keyed | None = None
        if key is not None:
            from tix.desk.idempotency import parse_key

            key = parse_key(key)
        self.key = key

    def begin(self, desk: Desk) -> None:
        """Begin the transaction. Raises Repeated; KeyReused where the key belongs to another write."""
        if self._transaction is not None or self._desk is not None:
            return
        if not self._is_tried and self.key is None:
            return
        if self.key is not None:
            from tix.desk import idempotency

            self._keyed = idempotency.Keyed(self.key, digest(self._session, self._command, self._given))
        self._desk = desk
        self._transaction = desk.store.writing()
        whole = self._transaction.__enter__()
        if self._is_tried:
            whole.take_back()
        if self._keyed is not None:
            found = idempotency.kept(desk, self._keyed)
            if found is not None:
                raise Repeated(found["names"], found["single"])

    def keep(self, names: Sequence[Any], *, single: bool = False) -> None:
        """Store what was written under the key, and commit; a trial goes on to the end of the command."""
        if self._transaction is None or self._is_tried:
            return
        if self._keyed is not None and self._desk is not None:
            from tix.desk import idempotency

            idempotency.keep(self._desk, self._keyed, {"names": list(names), "single": single})
        transaction, self._transaction = self._transaction, None
        transaction.__exit__(None)

    def end(self) -> None:
        """End the transaction of a trial, or of a command that failed: nothing of it is kept."""
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            transaction.__exit__(None if self._is_tried else Repeated)


def refuse_outside(session: Session, what: str) -> None:
    """Refuse to write what no transaction holds, where it would have to be taken back or done once."""
    if session.early.make_session is not Session:
        raise InvalidValue(f"tix apply does not change {what}: it is in a file of yours")
    if session.trial is not None and session.trial.key is not None:
        raise InvalidValue(f"--idempotency-key does not apply to {what}: it is in a file of yours")


def key_of(session: Session, key: str | None, more: Iterable[str] = ()) -> Keyed | None:
    """Return a key with the digest of what the command line asks for. Raises InvalidValue."""
    if key is None:
        return None
    from tix.desk.idempotency import Keyed, parse_key

    return Keyed(parse_key(key), digest(session, session.command, session.given, more))


def digest(session: Session, command: str, given: Mapping[str, Any], more: Iterable[Any] = ()) -> str:
    """Return the digest of what a command line asks for: its values as they were typed, and the text it has read."""
    from hashlib import sha256

    from tix.domain.json_columns import compact

    said = {
        name: value
        for name, value in sorted(given.items())
        if (name.partition(".")[0] not in _MANNERS or name in _OF_TICKETS)
        and value not in (None, False, [])
        and name not in ("yes", "confirm", "dry_run")
    }
    return sha256(compact([command, said, session.read, *more]).encode()).hexdigest()


def _tell_again(session: Session, command: str, repeated: Repeated) -> None:
    """Print the first result of a write anew, as what it was about is now."""
    from tix.cli.writes import written
    from tix.render.records.effects import UNCHANGED

    printer = session.printer
    assert printer is not None
    session.say(Said("Done before with this key; nothing was written."))
    records = [{**_as_it_is(session, command, printer, name), **UNCHANGED} for name in repeated.names]
    written.show(printer, records, single=repeated.single)


def _as_it_is(session: Session, command: str, printer: Printer, name: Any) -> dict[str, Any]:
    """Return the record that ``show`` has of it now; of what is gone, or has none, the name alone."""
    found = _shown(session, command, printer.kind.key, name)
    record = {field: found.get(field) for field in printer.kind.fields}
    record[printer.kind.key] = name
    return record


def _shown(session: Session, command: str, key: str, name: Any) -> dict[str, Any]:
    import json

    from tix.cli.options import Output
    from tix.cli.parser import ALONE
    from tix.cli.terminal.captured import captured
    from tix.errors import TixError

    noun = "" if key == "ref" else command.rpartition(" ")[0]
    show = _show_of(session, noun)
    if show is None:
        return {}
    printer = session.printer
    try:
        with captured() as printed:
            argument = [str(name)] if key == "ref" else str(name)
            show.function(session, argument, output=Output(json=ALONE))
    except TixError:
        return {}
    finally:
        session.printer = printer
    found: dict[str, Any] = json.loads(printed.out)
    return found


def _show_of(session: Session, noun: str) -> Any:
    """Return the command that shows one of a noun; of "", the one that shows tickets."""
    from tix.cli import compiled

    name = f"{noun} show" if noun else "show"
    if noun == "config":
        name = "config get"
    return session.early.command_of(name) if name in compiled.COMMANDS else None
