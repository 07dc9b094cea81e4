"""``tix apply``: many commands in one process, as lines of JSON."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import DryRun
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import InvalidValue
from tix.typing import Annotated


@app.command
def command(
    session: Session,
    file: Annotated[str, Argument(metavar="FILE", help="Commands, one JSON object a line (-: stdin).")],
    atomic: Annotated[bool, Option("--atomic", help="Do all lines in one transaction, or none.")] = False,
    dry_run: DryRun = False,
    idempotency_key: Annotated[
        str | None,
        Option(
            "--idempotency-key",
            metavar="K",
            help="Do each line once: with the same key again, go on where it stopped.",
        ),
    ] = None,
) -> int:
    """Run commands given as lines of JSON.

    A line names a command and gives its arguments and options by name, as in {"do": "reply", "id": 12, "message":
    "Fixed."}, or has a command line, as in {"argv": ["close", "12"]}. Each is answered by a line of JSON, which has the line's number, ok, and result
    or error. With --atomic the first line that fails takes everything back.
    """
    from tix.cli.repeats import stdin
    from tix.cli.writes import apply
    from tix.desk.idempotency import parse_key

    key = None
    if idempotency_key is not None:
        key = parse_key(idempotency_key)
        if len(key) > _LONGEST_KEY:
            raise InvalidValue(f"the idempotency key of a batch has at most {_LONGEST_KEY} characters")
    how = {"key": key, "atomic": atomic, "dry_run": dry_run}
    if file == "-":
        if sys.stdin is None:
            raise InvalidValue("there are no commands on stdin", hint="tix apply FILE")
        stdin.spend()
        return apply.run(session, sys.stdin.buffer, **how)  # type: ignore[arg-type]
    try:
        stream = open(file, "rb")  # noqa: SIM115  # a path as it was typed; closed below
    except OSError as error:
        raise InvalidValue(f"cannot read the file '{file}': {error.strerror}") from error
    with stream:
        return apply.run(session, stream, **how)  # type: ignore[arg-type]


# Each line has the key with its number behind it.
_LONGEST_KEY = 240
