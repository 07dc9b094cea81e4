"""Passwords from a person: typed twice without echo, or one line on stdin. They are never kept or printed."""

from __future__ import annotations

from tix.cli.repeats import stdin
from tix.domain.accounts.passwords import LONGEST
from tix.errors import Interrupted, InvalidValue
from tix.words.sentence import Said

_TRIES = 3


def asked(login: str) -> str:
    """Return a password that was typed twice the same on the terminal. Raises Interrupted, InvalidValue."""
    from getpass import getpass

    from tix.cli.input.ask import ended_by_signals, tell

    stdin.spend()
    with ended_by_signals():
        try:
            for _ in range(_TRIES):
                first = getpass(f"? New password for {login}: ")
                if first == getpass("? The same again: "):
                    return first
                tell("The two passwords differ.")
        except EOFError:
            raise Interrupted from None
    raise InvalidValue(Said("the two passwords differ; nothing was changed"))


def piped() -> str:
    """Return the password on stdin: its first line, which must be all there is. Raises InvalidValue."""
    data = stdin.read(4 * LONGEST)
    line, _, rest = data.partition(b"\n")
    if rest:
        raise InvalidValue(
            Said("there is more than one line on stdin"), hint=Said("the password is one line")
        )
    if not line.removesuffix(b"\r"):
        raise InvalidValue(
            Said("there is no password on stdin"),
            hint=Said("for example: tix user password ana --stdin < FILE"),
        )
    try:
        return line.removesuffix(b"\r").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(Said("the password on stdin is not valid UTF-8")) from error
