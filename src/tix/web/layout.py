"""The templates: how values get into HTML.

Every value that a template prints is text for ``render.safe``: autoescape keeps markup out, but lets a bidi override
turn a subject around. Only what people have typed into a form goes back to them as it was (``typed``).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tix.domain.files.sizes import format_size
from tix.render.safe import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tix.web.catalog import Words

HERE = Path(__file__).parent


def _shown(value: Any) -> Any:
    """Return a value as it is printed; None is nothing."""
    if value is None:
        return ""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _typed(value: str | None) -> Markup:
    return escape(value or "")


def _initial(text: str) -> str:
    """Return a text with a capital letter at its start."""
    return text[:1].upper() + text[1:]


def _pair(name: str) -> tuple[str, str]:
    """Return a name of the desk as an option: what is sent, and what is shown."""
    return name, name


def _named(name: str, words: Words, kind: str) -> tuple[str, str]:
    """Return a name as an option that is shown in the reader's language."""
    return name, _initial(words.name(kind, name))


@cache
def environment() -> Environment:
    """Return the templates, compiled as they are first used."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "typed": _typed,
        "initial": _initial,
        "pair": _pair,
        "named": _named,
        "size": format_size,
    }
    return found


def html(template: str, values: Mapping[str, Any]) -> bytes:
    """Return a template filled in, as UTF-8."""
    return environment().get_template(template).render(values).encode("utf-8", "replace")


@cache
def static(name: str) -> bytes:
    """Return a file that is sent as it is."""
    return (HERE / "static" / name).read_bytes()


@cache
def style_version() -> str:
    """Return what the address of the style sheet ends with, so that browsers may keep it until it changes."""
    return hashlib.sha256(static("style.css")).hexdigest()[:12]
