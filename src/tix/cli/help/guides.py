"""The guides of ``docs/``, which are installed with the program."""

from __future__ import annotations

from pathlib import Path

import tix
from tix.cli.compiled_pages import PAGES
from tix.cli.help.names import near_page
from tix.errors import NotFound
from tix.words.sentence import Said

# The guides of docs/, by what they are called here.
GUIDES = {
    "agent": "agent.md",
    "requester": "requester.md",
    "administrator": "administrator.md",
    "scripts": "scripts.md",
    "terminal": "terminal.md",
    "habits": "conventions.md",
    "moving-in": "moving-in.md",
    "ai-agents": "agents.md",
    "mail-guide": "mail.md",
    "reports": "reports.md",
    "own-workflows": "workflows.md",
    "server": "server.md",
    "remote": "remote.md",
    "postgresql": "postgresql.md",
    "api": "api.md",
    "web": "web.md",
    "reference": "reference.md",
}


def guide(words: list[str]) -> str:
    """Return the text of a guide. Raises NotFound where there is no page of that name either."""
    name = " ".join(words)
    file = GUIDES.get(name)
    if file is None:
        known = [*(key.lstrip(":") for key in PAGES if key), *GUIDES]
        raise NotFound(Said("there is no help about '{name}'", name=name), hint=near_page(name, known))
    return path(file).read_text(encoding="utf-8")


def path(file: str) -> Path:
    """Return where a guide is: in the package, or in the checkout."""
    package = Path(tix.__file__).parent
    installed = package / "guides" / file
    return installed if installed.exists() else package.parents[1] / "docs" / file
