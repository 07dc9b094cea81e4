"""Whether a terminal gets links (OSC 8), and where those of tickets lead."""

from __future__ import annotations

import os

from tix.errors import TixError
from tix.render.terminal.targets import FILE, NUMBER, Targets
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.session import Session


def wanted(session: Session, *, color: bool) -> bool:
    """Whether to write links to a terminal: by ``--hyperlinks``, ``FORCE_HYPERLINK``, the setting, else if it knows them.

    A terminal that is to have no colours has no links of its own accord either.
    """
    how = session.options.hyperlinks
    forced = os.environ.get("FORCE_HYPERLINK")
    if how is None and forced is not None:
        how = "never" if forced in ("", "0") else "always"
    if how is None:
        how = session.personal.get("hyperlinks")
    if how in (None, "auto"):
        if not color:
            return False
        from tix.render.terminal import links

        return links.knows_links()
    return how == "always"


def targets(session: Session) -> Targets:
    """Where tickets and files lead: to the person's ``url_template``, else to the desk's web page (``web.url``)."""
    template = session.personal.get("url_template")
    if template is not None:
        return Targets(template)
    if session.remote is not None:
        return Targets()
    try:
        url = session.reader().settings.name("web.url")
    except TixError:
        url = None  # told by whatever needs the desk
    if url is None:
        return Targets()
    ticket = f"{url}/tickets/{NUMBER}"
    return Targets(ticket, f"{ticket}/files/{FILE}")
