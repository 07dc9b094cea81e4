"""The one table of pages and forms. What hashes a password takes long, and has its own short transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tix.api.app import LaneName
from tix.web import accounts, choices, files, home, lists, submit, ticket, writes
from tix.web.visit import Answer, Visit


class Page(NamedTuple):
    """A page or a form: what does the work, and in which lane. ``is_open``: for people who have not signed in, too."""

    method: str
    path: str
    run: Callable[[Visit], Answer]
    lane: LaneName = "reader"
    is_open: bool = False
    has_files: bool = False


def _form(
    path: str, run: Callable[[Visit], Answer], lane: LaneName = "writer", *, has_files: bool = False
) -> Page:
    return Page("POST", path, run, lane, has_files=has_files)


def _open_form(path: str, run: Callable[[Visit], Answer], lane: LaneName = "writer") -> Page:
    return Page("POST", path, run, lane, is_open=True)


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
    _open_form("/preferences", choices.choose, "reader"),
    _form("/password", accounts.change_password, "long"),
    _form("/sign-out", accounts.sign_out),
    _form("/sign-out/everywhere", accounts.sign_out_everywhere),
    Page("GET", "/sign-in", accounts.sign_in_form, is_open=True),
    _open_form("/sign-in", accounts.sign_in_, "long"),
    Page("GET", "/sign-in/link", accounts.link_form, is_open=True),
    _open_form("/sign-in/link", accounts.link_),
    Page("GET", "/reset", accounts.reset_form, is_open=True),
    _open_form("/reset", accounts.reset, "long"),
    Page("GET", "/rate", accounts.rating_form, is_open=True),
    _open_form("/rate", accounts.rate),
)
