"""The address of a desk in a PostgreSQL database, which stands where the path of a file would."""

from __future__ import annotations

SCHEMES = ("postgresql://", "postgres://")


def is_database(place: object) -> bool:
    """Return whether a store is in a PostgreSQL database."""
    return isinstance(place, str) and place.startswith(SCHEMES)


def shown(place: str) -> str:
    """Return the address without its password, for messages and records; a path as it is."""
    if not is_database(place):
        return place
    scheme, _, rest = place.partition("://")
    before, mark, query = rest.partition("?")
    authority, slash, name = before.partition("/")
    user, at, hosts = authority.rpartition("@")
    kept = "&".join(pair for pair in query.split("&") if "password" not in pair.partition("=")[0].lower())
    return f"{scheme}://{user.partition(':')[0]}{at}{hosts}{slash}{name}{mark if kept else ''}{kept}"


def database_name(address: str) -> str | None:
    """Return the name of the database of an address, for people; None for a path."""
    if not is_database(address):
        return None
    return shown(address).partition("?")[0].rpartition("/")[2] or "desk"
