"""``tix doctor``: is the desk healthy, and what is in force."""

import platform
import sqlite3
from typing import Any

from tix import __version__
from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Kind, Printer
from tix.cli.session import Session

KIND = Kind(("name", "status", "detail"))
_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "user_version")


@app.reading
def command(session: Session, output: Output = Output()) -> int:  # noqa: B008  # an immutable value
    """Check the health of the store and the setup."""
    from tix.desk import doctor
    from tix.domain.permissions import require
    from tix.store.connection import BUSY_SECONDS

    printer = Printer(session, output, KIND)
    desk = session.reader()
    require(desk.actor, "doctor")
    facts: list[dict[str, Any]] = [
        {"name": "tix", "status": "info", "detail": __version__},
        {"name": "python", "status": "info", "detail": platform.python_version()},
        {"name": "sqlite", "status": "info", "detail": sqlite3.sqlite_version},
        {
            "name": "store",
            "status": "info",
            "detail": str(desk.store.path) if desk.store.exists else "none yet",
        },
    ]
    if desk.store.exists:
        for name in _PRAGMAS:
            (value,) = desk.store.execute(f"PRAGMA {name}").fetchone()
            if name == "busy_timeout":
                value = BUSY_SECONDS * 1000  # SQLite waits a second at a time, the store so long in all
            facts.append({"name": name, "status": "info", "detail": str(value)})
        mode = desk.store.path.stat().st_mode & 0o777
        status = "failed" if mode & 0o007 else "ok"
        facts.append({"name": "mode", "status": status, "detail": f"{mode:04o}"})
        facts += [finding._asdict() for finding in doctor.examine(desk)]
    printer.records(facts)
    failed = [fact["name"] for fact in facts if fact["status"] == "failed"]
    if failed:
        session.say(f"Failed checks: {', '.join(failed)}.")
    return 8 if failed else 0
