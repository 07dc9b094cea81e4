"""Run the lines of ``tix apply`` in one process, on one open store, and answer each with a line."""

from __future__ import annotations

import json
import sys
import tempfile

from tix.cli import parser
from tix.cli.errors import failure_text, find_fix
from tix.cli.session import Finished, Invocation, Session
from tix.cli.terminal.captured import captured
from tix.cli.writes import batch
from tix.desk.tickets.bulk import concerns_one
from tix.errors import PartialFailure, TixError, UsageError
from tix.typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from tix.cli.options import Globals
    from tix.desk.context import Desk

# Answers that wait for the end of a transaction are kept in memory up to here.
_KEPT_BYTES = 1_000_000
_WOULD = {"created": "would_create", "updated": "would_update", "deleted": "would_delete"}


class Answer(NamedTuple):
    """The answer to a line, and the exit status of its command."""

    record: dict[str, Any]
    status: int


class LineSession(Session):
    """The run of one line: its store is that of all lines, and nobody can be asked."""

    def __init__(self, early: Invocation, options: Globals, outer: Session) -> None:
        super().__init__(early, options)
        self._outer = outer

    @property
    def server(self) -> str | None:
        """The lines are for a file."""
        return None

    @property
    def may_ask(self) -> bool:
        """Nobody answers: stdin has the lines."""
        return False

    def reader(self) -> Desk:
        """Return the desk as the line finds it."""
        if self._desk is None:
            self._store = self._outer.writer().store
            self._desk = self._opened()
        return self._desk

    def _writer(self) -> Desk:
        return self.reader()

    def close(self, failed: bool = False) -> None:  # as that of every session
        """End what the line has begun; the store stays open."""
        if self.trial is not None:
            self.trial.end()
        self._store = self._desk = None


def run(session: Session, stream: BinaryIO, *, key: str | None, atomic: bool, dry_run: bool) -> int:
    """Run the lines; the exit status: 0 if all went well, the common one if all failed with one, else 9."""
    desk = session.writer()
    lines = _Lines(session, key if not dry_run else None, dry_run=dry_run)
    if not (atomic or dry_run):
        for place, line in batch.lines(stream):
            _write(sys.stdout, lines.answer(place, line))
        return lines.status
    with tempfile.SpooledTemporaryFile(_KEPT_BYTES, "w+", encoding="utf-8") as kept:
        failed: int | None = None
        with desk.store.together() as whole:
            for place, line in batch.lines(stream):
                answer = lines.answer(place, line)
                if atomic and answer.status:
                    failed = place
                    kept.seek(0)
                    kept.truncate()
                _write(kept, answer)
                if failed is not None:
                    break
            if dry_run or failed is not None:
                whole.take_back()
        kept.seek(0)
        for text in kept:
            sys.stdout.write(text)
    if failed is not None:
        session.say(f"Line {failed:,} failed; nothing was written: --atomic does all lines or none.")
        return lines.failures.pop()
    return lines.status


def _write(stream: IO[str] | Any, answer: Answer) -> None:
    stream.write(json.dumps(answer.record) + "\n")
    stream.flush()


class _Lines:
    """What came of the lines so far."""

    def __init__(self, session: Session, key: str | None, *, dry_run: bool) -> None:
        self._session, self._key, self._dry_run = session, key, dry_run
        self.failures: set[int] = set()
        early = session.early
        self._reader = batch.Reader(early.command_of, early.parameters_of)
        self._done = False

    @property
    def status(self) -> int:
        """The exit status of all."""
        if not self.failures:
            return 0
        return next(iter(self.failures)) if len(self.failures) == 1 and not self._done else 9

    def answer(self, place: int, line: bytes) -> Answer:
        """Run a line. Raises what concerns all of them: a store that fails."""
        try:
            made = self._reader.parse(line, None if self._key is None else f"{self._key}/{place}")
            answer = self._ran(place, made)
        except TixError as error:
            if not concerns_one(error):
                raise
            answer = Answer({"line": place, "ok": False, "error": _told(error, [])}, error.exit_status)
        if answer.status:
            self.failures.add(answer.status)
        else:
            self._done = True
        return answer

    def _ran(self, place: int, made: batch.Line) -> Answer:
        early = Invocation(made.argv)
        early.command_of = self._session.early.command_of
        early.explain = self._session.early.explain
        early.make_session = lambda early, options: LineSession(early, options, self._session)
        error, status = None, 0
        with captured() as printed:
            try:
                status = _run(early)
            except Finished:
                pass
            except TixError as failure:
                if not concerns_one(failure):
                    raise
                error, status = _told(failure, early.argv), failure.exit_status
        said = [json.loads(text) for text in printed.err.splitlines() if text.startswith("{")]
        errors = [one["error"] for one in said if "error" in one]
        if status and error is None:
            error = errors[0] if len(errors) == 1 else _told(_partial(errors, status), early.argv)
        result = _result(printed.out)
        if self._dry_run and made.writes:
            result = _conditional(result)
        record: dict[str, Any] = {"line": place, "ok": status == 0}
        if result is not None or status == 0:
            record["result"] = result
        if error is not None:
            record["error"] = error
        if len(errors) > 1:
            record["errors"] = errors
        if notes := [one for one in said if "error" not in one]:
            record["notes"] = notes
        return Answer(record, status)


def _result(text: str) -> Any:
    """Return what a command has printed. Raises UsageError where that is no JSON."""
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        raise UsageError("the line's answer is not JSON; leave out what shapes the output") from None


def _run(early: Invocation) -> int:
    """Run one command line as ``tix`` does."""
    call = parser.read(early.argv)
    if call is None:
        return int(early.explain(early))
    if call.options:
        _refuse_general(early.argv)
    shaped = {name for name in ("output", "jq", "template") if call.given.get(f"output.{name}") is not None}
    if shaped - {"output"} or call.given.get("output.output") not in (None, "json"):
        raise UsageError(f"a line takes no --{min(shaped)}: its answer is JSON, on one line")
    done = early.command_of(call.name).run(early, call.name, call.given)
    return done if isinstance(done, int) else 0


def _refuse_general(argv: list[str]) -> None:
    """Refuse a general option in a line: who acts, and on which store, is said once, for all lines."""
    raise UsageError(f"a line takes no general options: {' '.join(argv)[:80]}", hint="give them to tix apply")


def _partial(errors: list[dict[str, Any]], status: int) -> TixError:
    failure = PartialFailure(f"{len(errors)} of the items failed")
    failure.exit_status = status
    return failure


def _told(error: TixError, argv: list[str]) -> dict[str, Any]:
    """Return an error as it is on stderr."""
    find_fix(error, argv)
    found: dict[str, Any] = json.loads(failure_text(error, as_json=True))["error"]
    return found


def _conditional(result: Any) -> Any:
    """Return the records of writes that are taken back: they say what would be."""
    if isinstance(result, list):
        return [_conditional(one) for one in result]
    if isinstance(result, dict) and "effect" in result:
        undone = {"undo": None} if "undo" in result else {}
        return {**result, "effect": _WOULD.get(result["effect"], result["effect"]), **undone}
    return result
