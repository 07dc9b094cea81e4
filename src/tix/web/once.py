"""A form that is sent twice, by a double click or a reload, is written once.

Each form carries a text of its own, made when it was shown. The key is made of that and of all that was typed: who goes
back and writes something else in the same form has written something else.
"""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from tix.desk import idempotency
from tix.desk.idempotency import Keyed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.web.visit import Visit


def text(visit: Visit) -> str:
    """Return the text of a form that is shown: a new one, or that of the form that has failed."""
    return visit.form.line("once") or secrets.token_urlsafe(12)


def once(visit: Visit, write: Callable[[], object]) -> None:
    """Write what a form says, unless the same form has written the same. Raises what ``write`` raises."""
    if not visit.form.line("once"):
        write()
        return
    typed = {name: value for name, value in visit.form.values.items() if name != "token"}
    files = [[name, sha256(data).hexdigest()] for name, data in visit.form.sent]
    said = json.dumps([visit.reference.text, typed, files], sort_keys=True)
    digest = sha256(said.encode()).hexdigest()

    def kept() -> bool:
        write()
        return True

    idempotency.once(visit.desk, Keyed(f"web-{digest}", digest), kept)
