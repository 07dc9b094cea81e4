"""The same command line on a file and on a server."""

import difflib
import re
import shlex
from collections.abc import Sequence
from typing import Any

from tests.api.site import Site
from tests.harness import Result, Shell
from tix.cli.session import os_login

NOW = "2026-11-30T10:00:00Z"


def typed(line: str) -> tuple[str, list[str]]:
    """Who types a line, and its words: ``who: words``, by default ada."""
    who, colon, words = line.partition(": ")
    return (who, shlex.split(words)) if colon and who.isalpha() else ("ada", shlex.split(line))


class Twins:
    """``local`` is a desk in a file; ``site`` serves a desk that was the same when they began."""

    def __init__(self, local: Shell, site: Site) -> None:
        self.local, self.site = local, site
        self.far = site.shell
        self.url = f"http://127.0.0.1:{site.port}"

    def there(self, *args: object, as_: str = "ada", check: int | None = None, **more: Any) -> Result:
        """Run a command on the server."""
        env = {"TIX_STORE": self.url, "TIX_TOKEN": self.site.key(as_), **more.pop("env", {})}
        return self.far.inside(*args, check=check, env=env, **more)

    def here(self, *args: object, as_: str = "ada", check: int | None = None, **more: Any) -> Result:
        """Run a command on the file."""
        return self.local.inside(*args, as_=as_, check=check, **more)

    def same(self, *args: object, as_: str = "ada", **more: Any) -> Result:
        """Run a command on both, and compare all of it; return what it was on the file."""
        here, there = self.here(*args, as_=as_, **more), self.there(*args, as_=as_, **more)
        expect_same(here, there)
        return here


def expect_same(here: Result, there: Result, but: Sequence[re.Pattern[str]] = ()) -> None:
    """Compare what a command said on a file with what it said on a server, without what these patterns match."""
    if (told := _told(there, but)) != (expected := _told(here, but)):
        lines = difflib.unified_diff(expected, told, "here", "there", lineterm="", n=0)
        raise AssertionError("\n".join([" ".join(there.argv), *lines]))


def _told(result: Result, but: Sequence[re.Pattern[str]] = ()) -> list[str]:
    told = [f"exit {result.code}"]
    for text in map(settled, (result.out, result.err)):
        for pattern in but:
            text = pattern.sub("", text)  # noqa: PLW2901
        told += text.split("\n")
    return told


# What differs by its nature: random ids, who typed it for whom, by which way it came, and where a text is saved.
_ME = re.escape(os_login())
_DIFFERENT = [
    # A cursor belongs to the words of its query, which a view has elsewhere.
    (re.compile(r'"next": "[A-Za-z0-9_-]+"'), '"next": -'),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"), "-"),
    (re.compile(r'"idempotency_key": ("[0-9a-f]{32}"|null)'), '"idempotency_key": -'),
    (re.compile(r"idempotency_key\t([0-9a-f]{32})?"), "idempotency_key\t-"),
    (re.compile(r'"via": ("\w+"|null)'), '"via": -'),
    (re.compile(r'"source": "(cli|api)"'), '"source": -'),
    (re.compile(r"source\t(cli|api)"), "source\t-"),
    (re.compile(r",(api|cli),"), ",-,"),
    (re.compile(r", via api"), ""),
    (re.compile(rf"( · typed by {_ME}\b|(?<=,){_ME}(?=,)| \(typed by {_ME}\))"), ""),
    (re.compile(rf"\t{_ME}(?=\t)"), "\t"),
    (re.compile(r"is saved: .*"), "is saved"),
    # Hints that a server does not give: what an agent sees, what cannot be billed, what requesters could not send.
    (
        re.compile(
            r"(?m)^.*( sees (all |no )?tickets|Not covered: |To bill it, | is a program of type ).*\n?"
        ),
        "",
    ),
]


def settled(text: str) -> str:
    """A text without what differs by its nature."""
    for pattern, put in _DIFFERENT:
        text = pattern.sub(put, text)
    return text
