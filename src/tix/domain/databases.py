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
    from urllib.parse import parse_qsl, urlencode, urlsplit

    try:
        parts = urlsplit(place)
        query = urlencode([pair for pair in parse_qsl(parts.query) if "password" not in pair[0]], safe="/")
    except ValueError:
        return place.partition("://")[0] + "://…"
    user, at, hosts = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{hosts}{parts.path}{'?' if query else ''}{query}"
