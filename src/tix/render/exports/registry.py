"""The formats of other programs that ``tix export -o NAME`` writes; a new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from tix.render.exports import github, jira, markdown, taskwarrior, zendesk
from tix.render.exports.format import Format

FORMATS: Mapping[str, Format] = {
    one.name: one for one in (github.FORMAT, jira.FORMAT, markdown.FORMAT, taskwarrior.FORMAT, zendesk.FORMAT)
}
