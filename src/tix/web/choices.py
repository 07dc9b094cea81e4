"""*Preferences*: the language and the time zone of the pages, kept in the browser; the password; where one is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.desk.accounts import sessions
from tix.domain.accounts.passwords import SHORTEST
from tix.domain.times import instant
from tix.web.problems import Fault
from tix.web.visit import Html, Redirect
from tix.web.zones import time_zones
from tix.words.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.web.visit import Answer, Visit


def form(visit: Visit) -> Html:
    """Show what is chosen."""
    return page(visit)


def choose(visit: Visit) -> Answer:
    """Keep the choices; an empty one leaves it to the desk and the browser."""
    language, zone = visit.form.line("language"), visit.form.line("zone")
    if zone and zone not in time_zones():
        return page(visit, (Fault(visit.words("error.zone"), visit.words.language, "zone"),), 422)
    if language and language not in LANGUAGES:
        language = ""
    return Redirect("/preferences?said=chosen", choices={"language": language, "zone": zone})


def page(visit: Visit, faults: Sequence[Fault] = (), status: int = 200) -> Html:
    """Show the preferences, with what is wrong in a form that has failed."""
    devices = []
    if visit.visitor is not None:
        this = visit.visitor.session.digest
        devices = [
            {
                "agent": one.agent,
                "source": one.source,
                "at": instant(one.seen_at),
                "is_this": one.digest == this,
            }
            for one in sessions.listed(visit.desk, "@me")
        ]
    given = visit.form.values if "zone" in visit.form.values else visit.chosen
    values = {
        "zones": time_zones(),
        "languages": LANGUAGES,
        "given": given,
        "devices": devices,
        "shortest": SHORTEST,
        "faults": faults,
    }
    return Html("preferences.html", values, status)
