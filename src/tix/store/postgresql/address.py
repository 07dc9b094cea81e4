"""The address of a store in a PostgreSQL database: what libpq is given for it."""

from __future__ import annotations

from tix.domain.databases import shown
from tix.errors import InvalidValue

# libpq goes on to the next host after so many seconds.
CONNECT_SECONDS = 10
# A server whose machine is gone does not say so: after a minute of silence, or half a minute without a receipt for what was
# sent, it is taken for gone.
_SILENCE = {
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


def parameters(address: str) -> dict[str, str]:
    """Return what libpq is given for the address. Raises InvalidValue for one that libpq cannot read.

    Of several hosts the one that can be written to is taken, unless the address says otherwise; a host that does not
    answer is given up after ten seconds.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        found = {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise InvalidValue(
            f"'{shown(address)}' is not an address of a PostgreSQL database: {_reason(error)}",
            hint="for example postgresql://tix@db.example/desk",
        ) from error
    found = {"connect_timeout": str(CONNECT_SECONDS), "application_name": "tix", **_SILENCE, **found}
    if "," in found.get("host", ""):
        found.setdefault("target_session_attrs", "read-write")
    return found


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else "it cannot be read"
