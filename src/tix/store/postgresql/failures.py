"""What an error of PostgreSQL, or of the way to it, means to a person."""

from __future__ import annotations

from psycopg import DataError, Error, IntegrityError, InterfaceError, OperationalError
from psycopg import errors as states

from tix.errors import InvalidValue, StorageFailure, StoreBusy, StoreUnusable, TixError
from tix.store.engines import ConstraintViolation

_WAITED = (
    states.LockNotAvailable,
    states.DeadlockDetected,
    states.SerializationFailure,
    states.QueryCanceled,
)
# The state of states.InsufficientPrivilege.
INSUFFICIENT_PRIVILEGE = "42501"
_FULL = (states.DiskFull, states.OutOfMemory)
_CLOSED = (
    states.AdminShutdown,
    states.CrashShutdown,
    states.CannotConnectNow,
    states.IdleInTransactionSessionTimeout,
)


def failure(error: Error, place: str) -> Exception:
    """Return the error that an error of psycopg means; the error itself where it is a bug."""
    if isinstance(error, IntegrityError):
        return ConstraintViolation(_first_line(error))
    if isinstance(error, _WAITED):
        return StoreBusy(f"the store {place} is busy: another process holds it", hint="try again")
    if isinstance(error, states.TooManyConnections):
        return StoreBusy(f"the server of {place} has no connection left", hint="try again")
    if isinstance(error, _FULL):
        return StorageFailure(f"the disk of {place} is full; nothing was written")
    if isinstance(error, states.ReadOnlySqlTransaction):
        return StorageFailure(f"the store {place} cannot be written: the server is read-only")
    if isinstance(error, states.InsufficientPrivilege):
        return StorageFailure(f"the account of {place} may not do that: {_first_line(error)}")
    if isinstance(error, DataError):
        return InvalidValue(f"a value cannot be stored: {_first_line(error)}")
    if isinstance(error, _CLOSED) or (
        isinstance(error, OperationalError | InterfaceError) and error.sqlstate is None
    ):
        return StoreBusy(f"the connection to {place} broke; nothing was written", hint="try again")
    return error


def refusal(error: Error, place: str) -> TixError:
    """Return the error that a failed attempt to connect means."""
    said = _first_line(error)
    if "invalid" in said and " value" in said:  # of an option of the address
        return InvalidValue(f"'{place}' is not an address of a PostgreSQL database: {said}")
    if (
        isinstance(error, states.InvalidPassword | states.InvalidAuthorizationSpecification)
        or "authentication failed" in said
    ):
        return StoreUnusable(f"the server of {place} does not accept the account: {said}")
    if isinstance(error, states.InvalidCatalogName) or "does not exist" in said:
        return StoreUnusable(
            f"{place} cannot be opened: {said}", hint="create the database first: createdb NAME"
        )
    if (
        isinstance(error, states.TooManyConnections)
        or "too many clients" in said
        or "connection slots" in said
    ):
        return StoreBusy(f"the server of {place} has no connection left", hint="try again")
    if "starting up" in said or "shutting down" in said or "recovery mode" in said:
        return StoreBusy(f"the server of {place} is not ready: {said}", hint="try again")
    if "certificate" in said or "SSL" in said:
        return StoreUnusable(f"the server of {place} cannot be trusted: {said}")
    return StoreBusy(f"cannot reach the server of {place}: {said}", hint="check the address, or try again")


def _first_line(error: Error) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (
        lines[-1].removeprefix("FATAL:").strip()
        if lines and "FATAL:" in lines[-1]
        else lines[0]
        if lines
        else type(error).__name__
    )
