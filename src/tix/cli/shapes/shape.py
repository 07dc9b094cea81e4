"""``--jq`` and ``--template``: checked before a command does anything, then run in a process with limits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tix.cli.shapes import shaped
from tix.errors import InvalidValue
from tix.render.safe import safe
from tix.typing import Any

# How long a filter or a template may take, and how much it may print.
SECONDS = 5.0
MOST_BYTES = 100_000_000
# A template in a file.
_LONGEST_TEMPLATE = 1_000_000


class Shape:
    """A filter or a template that was checked."""

    def __init__(self, option: str, text: str, *, quotes: bool = False) -> None:
        self._option = option
        self._quotes = quotes
        self._text = text

    @property
    def takes_records(self) -> bool:
        """Whether it takes one record after the other, and not the whole document."""
        return self._option == "template"

    def text(self, data: Any, look: Mapping[str, Any]) -> str:
        """Return what it makes of the document, or of the records for a ``Look`` (``templates``). Raises InvalidValue where it fails or is too slow."""
        import json

        job: dict[str, Any] = {self._option: self._text, "data": data, "most": MOST_BYTES}
        if self.takes_records:
            job["look"] = look
            if sys.stdout.isatty():
                job["template"] = safe(self._text)
        else:
            job["quotes"] = self._quotes
        words = [sys.executable, "-m", shaped.__name__]
        try:
            done = subprocess.run(  # noqa: S603  # a module of ours
                words, input=json.dumps(job).encode(), capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise InvalidValue(
                f"--{self._option} took longer than {SECONDS:g} seconds; does it loop?"
            ) from error
        if done.returncode == 2 and done.stderr:
            raise InvalidValue(done.stderr.decode(errors="replace"))
        if done.returncode:
            raise InvalidValue(f"--{self._option} failed; does it take too much memory?")
        said = done.stdout.decode()
        return said if self.takes_records or not sys.stdout.isatty() else safe(said)


def shape(jq: str | None, template: str | None, *, quotes: bool = False) -> Shape:
    """Return the shape that the options ask for; ``quotes``: of jq, texts in quotes. Raises InvalidValue for what cannot be read, or is not installed."""
    try:
        if jq is not None:
            shaped.compiled_jq(jq)
            return Shape("jq", jq, quotes=quotes)
        text = _template(template or "")
        shaped.check_template(text)
    except shaped.Unfit as error:
        raise InvalidValue(str(error)) from error
    except ImportError as error:
        extra, package = ("jq", "jq") if jq is not None else ("template", "jinja2")
        raise InvalidValue(
            f"--{extra} needs the package {package}, which is not installed",
            hint=f"pip install 'tix-desk[{extra}]'",
        ) from error
    return Shape("template", text)


def _template(given: str) -> str:
    """Return the text of a template; ``@FILE`` names a file."""
    if not given.startswith("@"):
        return given
    try:
        with Path(given[1:]).open(encoding="utf-8") as file:
            text = file.read(_LONGEST_TEMPLATE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InvalidValue(f"cannot read the template {given[1:]}: {reason}") from error
    if len(text) > _LONGEST_TEMPLATE:
        raise InvalidValue(f"the template {given[1:]} is longer than {_LONGEST_TEMPLATE:,} characters")
    return text
