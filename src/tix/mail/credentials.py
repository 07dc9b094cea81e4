"""Passwords and access tokens of the mail servers: where they come from, and that nobody sees them.

A secret is never stored by tix. It comes from an environment variable, from a command, or from a file that only
its owner can read. Every failure is one sentence that holds nothing of what was read: not in the message, and not
in an exception behind it either, because a decoding error carries the bytes it could not decode.

The command is a shell line, as in msmtp's ``passwordeval``, isync's ``PassCmd`` and Git's ``credential.helper``:
people write ``pass show desk | head -n 1`` or ``gpg -dq ~/.desk.gpg`` there, and a list of words without a shell
would fail at the pipe and the tilde. Nothing is ever put into the line, so the shell sees only what its author wrote.
"""

from __future__ import annotations

import os
import selectors
import signal
import stat
import subprocess
import time
from pathlib import Path

from tix.errors import CredentialError
from tix.typing import NoReturn

LONGEST = 16_384  # bytes; access tokens of the large providers have 2 to 4 KB
PATIENCE = 30.0  # seconds a command may take: an agent may ask its user in a window

_WAYS = "set a password command, an environment variable, or a file with mode 0600"


class Secret:
    """A password or token. It shows itself only to ``reveal``; printing, formatting and pickling do not."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself, for the one call that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def password(
    user: str,
    *,
    command: str | None = None,
    environment: str | None = None,
    file: Path | None = None,
    patience: float = PATIENCE,
) -> Secret:
    """Return the password of ``user``: from the environment variable if it is set, else by command, else from a file.

    ``environment`` is the variable's name. Of a command's output and of a file only the first line counts: password
    stores write notes below it. ``patience`` is in seconds. Raises CredentialError if nothing is configured, if the
    command fails or is slow, if others can read the file, and if the password is empty, too long, not UTF-8, or
    holds control characters (a line break in it would be a second command to the server).
    """
    if environment is not None and os.environ.get(environment):
        raw = os.environb[os.fsencode(environment)]
        return _checked(raw, f"The password of {user}", f"environment variable {environment}")
    if command is not None:
        return _checked(_output(command, patience), f"The password of {user}", "its command")
    if file is not None:
        return _checked(_content(file), f"The password of {user}", str(file))
    unset = f": environment variable {environment} is not set" if environment is not None else ""
    raise CredentialError(f"No password for {user}{unset}.", hint=_WAYS)


def token(user: str, command: str, *, patience: float = PATIENCE) -> Secret:
    """Return an access token for XOAUTH2, the first line that ``command`` prints.

    Refreshing is the command's task: it is run once for every connection. Raises CredentialError as ``password``.
    """
    return _checked(_output(command, patience), f"The access token of {user}", "its command")


def _checked(raw: bytes, what: str, source: str) -> Secret:
    """Return the first line of ``raw`` as a secret, or raise CredentialError, which holds nothing of it."""
    if len(raw) > LONGEST:
        raise CredentialError(f"{what} is longer than {LONGEST} bytes ({source}).")
    line = raw.partition(b"\n")[0].removesuffix(b"\r")
    # Not decoded strictly: the error of that would carry the bytes along, whatever its message says.
    text = line.decode("utf-8", "replace")
    if not text:
        raise CredentialError(f"{what} is empty ({source}).")
    if text.encode() != line:
        raise CredentialError(f"{what} is not UTF-8 ({source}).")
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in text):
        raise CredentialError(f"{what} contains a control character ({source}).")
    return Secret(text)


def _output(command: str, patience: float) -> bytes:
    """Return what the shell line prints, at most ``LONGEST`` bytes and one. Raises CredentialError.

    Its input is empty: on ``mail in`` ours is the message. Its complaints are dropped, because some programs name
    the secret there. It runs in a session of its own, so that all of it can be ended when it is too slow.
    """
    try:
        process = subprocess.Popen(  # noqa: S603  # a shell line on purpose, see the module's docstring
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise CredentialError(f"Cannot run the password command: {type(error).__name__}.") from None
    try:
        output = _read(process, time.monotonic() + patience)
    finally:
        _end(process)
    if output is None:
        raise CredentialError(
            f"The password command did not finish within {patience:g} seconds.", hint=_BY_HAND
        )
    if process.returncode and len(output) <= LONGEST:
        how = (
            f"exit status {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        )
        raise CredentialError(f"The password command failed ({how}).", hint=_BY_HAND)
    return output


_BY_HAND = "run the command in a terminal to see why"


def _read(process: subprocess.Popen[bytes], deadline: float) -> bytes | None:
    """Return the output of a process that ends before ``deadline``, else None."""
    if process.stdout is None:
        return None
    output = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(output) <= LONGEST:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return None
            chunk = os.read(process.stdout.fileno(), LONGEST)
            if not chunk:
                break
            output += chunk
    if len(output) <= LONGEST:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None
    return bytes(output)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a command, its children too, and close its pipe."""
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _content(file: Path) -> bytes:
    """Return the head of a file that is ours and closed to everybody else. Raises CredentialError.

    The file is judged after opening it, so that it cannot be exchanged in between; a named pipe does not block.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CredentialError(f"Cannot read the password file {file}: {reason}.") from None
    try:
        _judge(file, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LONGEST + 1)
    finally:
        os.close(descriptor)


def _judge(file: Path, status: os.stat_result) -> None:
    """Raise CredentialError unless the opened file is a regular one, ours, and closed to everybody else."""
    if not stat.S_ISREG(status.st_mode):
        raise CredentialError(f"The password file {file} is not a regular file.")
    if status.st_uid != os.geteuid():
        raise CredentialError(f"The password file {file} belongs to another user.")
    if status.st_mode & 0o077:
        raise CredentialError(
            f"The password file {file} can be read or changed by others (mode {stat.S_IMODE(status.st_mode):04o}).",
            hint=f"chmod 600 {file}",
        )
