"""``tix triage``: one ticket of a queue after another, one key for each thing to do."""

from __future__ import annotations

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import View
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.triage.queue import Waiting
from tix.cli.triage.run import _Run
from tix.errors import Interrupted, UsageError
from tix.typing import Annotated
from tix.words.sentence import Said


@app.command
def command(
    session: Session,
    words: Annotated[
        list[str] | None, Argument(metavar="[WORDS]…", help="Words to search for, e.g. printer.")
    ] = None,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    view: View = None,
    plain: Annotated[
        bool, Option("--plain", help="Plain lines, each key confirmed with Enter (for screen readers).")
    ] = False,
    restart: Annotated[
        bool, Option("--restart", help="Include tickets I have already handled today.")
    ] = False,
    jsonl: Annotated[
        bool,
        Option("--jsonl", help='Read decisions from stdin, e.g. {"id": 12, "do": "close"}, one JSON a line.'),
    ] = False,
) -> int:
    """Work through tickets one by one, a key for each action."""
    from tix.cli.desks import triage

    if filters.only_count:
        raise UsageError(Said("--count does not apply to triage"), hint="tix list --count")
    if jsonl:
        if words or view is not None or filters != FilterOptions() or plain or restart:
            raise UsageError(
                Said("--jsonl takes no words, filters or other options"),
                hint=Said("to see the queue: tix list --json"),
            )
        return _decided(session)
    if not session.may_ask:
        raise UsageError(Said("triage needs a terminal"), hint=Said("to see the queue: tix list"))
    desk = triage.of(session)
    query = triage.Query(words or [], filters, view)
    waiting = Waiting(desk, query, session.now, restart=restart)
    waiting.left()
    desk.choices()
    run = _Run(session, desk, waiting, plain=plain)
    try:
        run.all()
    except Interrupted as stopped:
        if stopped.exit_status != 130:
            raise
        return 130
    finally:
        run.summary()
    return 0


def _decided(session: Session) -> int:
    """Do what a program decides."""
    from tix.cli.desks import triage
    from tix.cli.triage import decisions

    desk = triage.of(session)
    desk.choices()  # is refused to whom triage is
    return decisions.run(session, desk)
