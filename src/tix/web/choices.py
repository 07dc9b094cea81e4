"""What readers choose for themselves: the language and the time zone of the pages, kept in their browser."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tix.web.catalog import LANGUAGES
from tix.web.problems import Fault
from tix.web.visit import Html, Redirect

if TYPE_CHECKING:
    from tix.web.visit import Answer, Visit


@cache
def zones() -> tuple[str, ...]:
    """Return the names of the time zones that can be chosen, as the IANA database has them."""
    from zoneinfo import available_timezones

    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def form(visit: Visit) -> Html:
    """Show what is chosen."""
    return _page(visit)


def choose(visit: Visit) -> Answer:
    """Keep the choices; an empty one leaves it to the desk and the browser."""
    language, zone = visit.form.line("language"), visit.form.line("zone")
    if zone and zone not in zones():
        return _page(visit, (Fault(visit.words("error.zone"), visit.words.language, "zone"),))
    if language and language not in LANGUAGES:
        language = ""
    return Redirect("/preferences?said=chosen", choices={"language": language, "zone": zone})


def _page(visit: Visit, faults: tuple[Fault, ...] = ()) -> Html:
    given = visit.form.values or visit.chosen
    return Html(
        "preferences.html",
        {"zones": zones(), "languages": LANGUAGES, "given": given, "faults": faults},
        422 if faults else 200,
    )
