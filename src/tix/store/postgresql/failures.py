"""What an error of PostgreSQL, or of the way to it, means to a person."""

from __future__ import annotations

from psycopg import Connection, DataError, Error, IntegrityError, InterfaceError, OperationalError
from psycopg import errors as states

from tix.errors import BrokenOff, InvalidValue, StorageFailure, StoreBusy, StoreUnusable, TixError
from tix.store.engines import ConstraintViolation
from tix.typing import Any
from tix.words.sentence import Said

# What the server says of a commit that it did not wait for a synchronous standby with.
WARNING = "01000"
# Somebody had the lock for as long as tix waits, or an administrator ended the statement: no second wait.
_WAITED = (states.LockNotAvailable, states.QueryCanceled)
_CROSSED = (states.DeadlockDetected, states.SerializationFailure)
_FULL = (states.DiskFull, states.OutOfMemory)
_CLOSED = (
    states.AdminShutdown,
    states.CrashShutdown,
    states.CannotConnectNow,
    states.IdleInTransactionSessionTimeout,
)


def is_forbidden(failed: Exception) -> bool:
    """Return whether what ``failure`` returned means that the account has no right to it."""
    return isinstance(failed.__cause__, states.InsufficientPrivilege)


def is_lost(error: Error) -> bool:
    """Return whether the connection is gone. PgBouncer says 08P01 of one of its own to the server."""
    if isinstance(error, _CLOSED) or (error.sqlstate or "").startswith("08"):
        return True
    return isinstance(error, OperationalError | InterfaceError) and error.sqlstate is None


def is_passing(error: Error) -> bool:
    """Return whether what the server has rolled back, or never begun, can succeed at another attempt."""
    return is_lost(error) or isinstance(error, _CROSSED)


def read_only(wire: Connection[Any], place: str) -> StorageFailure:
    """Return why a new connection may not write: the server is a standby, or the database is set so."""
    wire.execute("ROLLBACK")
    (is_standby,) = wire.execute("SELECT pg_is_in_recovery()").fetchone() or (False,)
    if is_standby:
        return StorageFailure(
            Said("the server of {place} is a standby, and takes no writes", place=place),
            hint=Said("name the other server in the address, too: postgresql://USER@ONE,OTHER/DATABASE"),
        )
    return StorageFailure(Said("the store {place} cannot be written: the database is read-only", place=place))


def failure(error: Error, place: str) -> Exception:
    """Return the error that an error of psycopg means; the error itself where it is a bug."""
    said = _first_line(error)
    if isinstance(error, IntegrityError):
        return ConstraintViolation(said)
    if isinstance(error, _WAITED):
        return StoreBusy(
            Said("the store {path} is busy: another process holds it", path=place), hint=Said("try again")
        )
    if isinstance(error, _CROSSED):
        return BrokenOff(
            Said("the store {place} is busy: the server gave the change up", place=place),
            hint=Said("try again"),
        )
    if isinstance(error, states.TooManyConnections):
        return BrokenOff(
            Said("the server of {place} has no connection left", place=place), hint=Said("try again")
        )
    if isinstance(error, _FULL):
        return StorageFailure(Said("the disk of {path} is full; nothing was written", path=place))
    if isinstance(error, states.InsufficientPrivilege):
        return StorageFailure(Said("the account of {place} may not do that: {said}", place=place, said=said))
    if isinstance(error, DataError):
        return InvalidValue(Said("a value cannot be stored: {said}", said=said))
    if is_lost(error):
        return BrokenOff(
            Said("the connection to {place} broke; nothing was written", place=place), hint=Said("try again")
        )
    return error


def refusal(error: Error, place: str) -> TixError:
    """Return the error that a failed attempt to connect means."""
    said = _first_line(error)
    if ("invalid" in said and " value" in said) or "invalid port number" in said or "bad value for" in said:
        return InvalidValue(
            Said("'{place}' is not an address of a PostgreSQL database: {said}", place=place, said=said)
        )
    if "no password supplied" in said:
        return StoreUnusable(
            Said("the server of {place} asks for a password, and there is none", place=place),
            hint=Said("put it into ~/.pgpass"),
        )
    if (
        isinstance(error, states.InvalidPassword | states.InvalidAuthorizationSpecification)
        or "authentication failed" in said
    ):
        return StoreUnusable(
            Said("the server of {place} does not accept the account: {said}", place=place, said=said)
        )
    if isinstance(error, states.InvalidCatalogName) or "does not exist" in said:
        return StoreUnusable(
            Said("{place} cannot be opened: {said}", place=place, said=said),
            hint=Said("create the database first: createdb NAME"),
        )
    if (
        isinstance(error, states.TooManyConnections)
        or "too many clients" in said
        or "connection slots" in said
    ):
        return BrokenOff(
            Said("the server of {place} has no connection left", place=place), hint=Said("try again")
        )
    if "starting up" in said or "shutting down" in said or "recovery mode" in said:
        return BrokenOff(
            Said("the server of {place} is not ready: {said}", place=place, said=said), hint=Said("try again")
        )
    if "certificate" in said or "SSL" in said:
        return StoreUnusable(
            Said("the server of {place} cannot be trusted: {said}", place=place, said=said),
            hint=Said("check sslmode, sslrootcert, the host's name and the dates of the certificate"),
        )
    return BrokenOff(
        Said("cannot reach the server of {place}: {said}", place=place, said=said),
        hint=Said("check the address, or try again"),
    )


def _first_line(error: Error) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (
        lines[-1].removeprefix("FATAL:").strip()
        if lines and "FATAL:" in lines[-1]
        else lines[0]
        if lines
        else type(error).__name__
    )
