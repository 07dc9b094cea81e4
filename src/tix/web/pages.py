"""The one table of pages and forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tix.api.app import LaneName
from tix.web import choices, files, home, lists, submit, ticket, writes
from tix.web.visit import Answer, Visit


class Page(NamedTuple):
    """A page or a form: what does the work, and in which lane. ``is_open``: for people who have not signed in, too."""

    method: str
    path: str
    run: Callable[[Visit], Answer]
    lane: LaneName = "reader"
    is_open: bool = False
    has_files: bool = False


def _form(path: str, run: Callable[[Visit], Answer], *, has_files: bool = False) -> Page:
    return Page("POST", path, run, "writer", has_files=has_files)


_ONE = "/tickets/{id}"

PAGES = (
    Page("GET", "/", home.home),
    _form("/notifications", home.read),
    Page("GET", "/queue", lists.queue),
    Page("GET", "/tickets", lists.mine),
    Page("GET", "/tickets/new", submit.form),
    _form("/tickets/new", submit.submit, has_files=True),
    Page("GET", _ONE, ticket.page),
    Page("GET", f"{_ONE}/files/{{file}}", files.save, "long"),
    _form(f"{_ONE}/replies", writes.reply_, has_files=True),
    _form(f"{_ONE}/notes", writes.note, has_files=True),
    _form(f"{_ONE}/assign", writes.assign),
    _form(f"{_ONE}/status", writes.change_status),
    _form(f"{_ONE}/rating", writes.rate),
    Page("GET", "/preferences", choices.form, is_open=True),
    Page("POST", "/preferences", choices.choose, is_open=True),
)
