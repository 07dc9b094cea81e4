"""Detect the format of a file, and read the tickets in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from tix.errors import InvalidValue
from tix.importers import beads, github, github_shapes, ietf
from tix.importers.mail_head import mail_shape
from tix.importers.record import Fault, ImportedTicket, Notice
from tix.importers.request import Reader, Request, Told
from tix.importers.tables import header, reader
from tix.importers.tables.encoding import encoding, is_utf8
from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset
from tix.importers.trackers import rt
from tix.importers.trackers.registry import TRACKERS
from tix.importers.trackers.tracker import Head
from tix.typing import Any

__all__ = ["FORMATS", "HEAD_BYTES", "MAIL", "NAMES", "Fault", "ImportedTicket", "Notice", "detect", "stories"]

FORMATS: Mapping[str, Reader] = {
    "csv": lambda asked: reader.stories(asked.stream, asked.layout, asked.now),
    "github": lambda asked: github.stories(asked.stream, asked.now, asked.source, asked.path),
    "ietf": lambda asked: ietf.stories(asked.stream),
    "beads": lambda asked: beads.stories(asked.stream),
    **{tracker.name: tracker.stories for tracker in TRACKERS},
}

# Formats that are tables: what a layout is for.
TABLES = ("csv", *(tracker.name for tracker in TRACKERS if tracker.preset is not None))
MAIL = ("mbox", "eml")  # read by `tix.mail`: each mail goes the way of a received one
NAMES = ("tix", *FORMATS, *MAIL)  # a tix export is read by `archive`

TITLES: Mapping[str, str] = {
    "tix": "an export of tix",
    "csv": "a table",
    "github": "issues of GitHub",
    "ietf": "an archive of a GitHub repository",
    "beads": "issues of beads",
    "mbox": "a mailbox",
    "eml": "a mail",
    **{tracker.name: tracker.title for tracker in TRACKERS},
}
_PRESETS = {tracker.name: tracker.preset for tracker in TRACKERS}

HEAD_BYTES = 1 << 16  # what `detect` needs of a file; less if the file is shorter

_FROM_HINT = f"name the format with --from: {', '.join(NAMES)}"


def stories(
    path: Path,
    shape: str,
    *,
    now: int,
    layout: Layout = Layout(),  # noqa: B008  # an immutable value
    source: str | None = None,
) -> Iterator[Told]:
    """Yield the imported tickets of the file in its order, a fault for each unreadable record, and notices.

    ``now`` (UTC seconds) is the creation time of records without any time. ``source`` distinguishes records whose
    file does not say where they come from: the same number from another source is another record. Raises
    InvalidValue if the file as a whole cannot be read: not UTF-8, not JSON, an unknown header; and the OSError of
    a file that cannot be opened.
    """
    if shape not in FORMATS:
        raise InvalidValue(f"'{shape}' is not an import format", hint=f"use one of {', '.join(FORMATS)}")
    if layout != Layout() and shape not in TABLES:
        raise InvalidValue(f"--map and the like are for tables (CSV); the format of this file is {shape}")
    with path.open("rb") as stream:
        for told in FORMATS[shape](Request(stream, layout, now, source, path)):
            yield _of_source(told, source) if source and isinstance(told, ImportedTicket) else told


def _of_source(story: ImportedTicket, source: str) -> ImportedTicket:
    """Return an imported ticket whose key does not tell its origin with the name of its source added."""
    if story.is_unmistakable:
        return story
    kind, colon, rest = (story.about or "").partition(":")
    return story._replace(
        key=f"{source}/{story.key}",
        about=f"{kind}:{source}#{rest}" if colon else story.about,
        links=tuple((relation, f"{source}/{key}") for relation, key in story.links),
        is_unmistakable=True,
    )


def preset(shape: str) -> Preset | None:
    """Return what is known of a table of this format; None for ``csv`` and formats that are none."""
    return _PRESETS.get(shape)


def likeness(head: bytes, name: str, shape: str) -> int | None:
    """Return how sure it is that a file is of a tracker's format, 0 to 100; None for the formats that need no guess."""
    tracker = next((one for one in TRACKERS if one.name == shape), None)
    found = head_of(head, name)
    return None if tracker is None or found is None else tracker.likeness(found)


def refuse_unfit(head: bytes, name: str, shape: str) -> None:
    """Raise InvalidValue where the first bytes of a file cannot be of a format that somebody named."""
    found = head_of(head, name)
    if found is None or shape in (*MAIL, "rt", "osticket"):
        return
    is_json = found.text[0] in "[{"
    if shape in (*TABLES, "todo.txt"):
        if not is_json or found.first is None:
            return
        what = f"is JSON, and not {TITLES[shape]}"
    elif is_json:
        return
    else:
        what = f"is no JSON, and so not {TITLES[shape]}"
    try:
        like = detect(head, name)
    except InvalidValue:
        raise InvalidValue(f"the file '{name}' {what}", hint=_FROM_HINT) from None
    raise InvalidValue(f"the file '{name}' {what}", hint=f"it looks like {TITLES[like]}: --from {like}")


def detect(head: bytes, name: str) -> str:
    """Return one of NAMES, by the first HEAD_BYTES of a file.

    The content decides; the name does so only if there is no content, or a header that needs a mapping. Raises
    InvalidValue if nothing fits.
    """
    if not rt.BEGINS.match(head.lstrip()) and (mail := mail_shape(head)) is not None:
        return mail
    text = _text(head)
    if not text:
        # The export of an empty desk.
        shape = "tix" if name.endswith(".jsonl") else "mbox" if name.endswith(".mbox") else None
    elif "\0" in text:
        shape = None
    elif (tracker := _tracker(text, name)) is not None:
        shape = tracker
    elif text[0] in "[{":
        shape = _json_shape(text)
    else:
        shape = _table_shape(text, name)
    if shape is None:
        raise InvalidValue(f"the format of '{name}' is not recognised", hint=_FROM_HINT)
    return shape


def _text(head: bytes) -> str:
    """Return the beginning of a file as text, in the encoding that a reader of tables finds; it may be cut anywhere."""
    if is_utf8(head) and b"\0" not in head:
        return head.decode("utf-8-sig", errors="replace").lstrip()
    try:
        name = encoding(BytesIO(head))
    except InvalidValue:
        name = "utf-8"
    return head.decode(name, errors="replace").lstrip("\ufeff").lstrip()


def _tracker(text: str, name: str) -> str | None:
    """Return the name of the tracker that is surest of a file, None where none is."""
    head = _head(text, name)
    sure = [(tracker.likeness(head), tracker.name) for tracker in TRACKERS]
    most, found = max(sure, key=lambda one: one[0], default=(0, ""))
    return found if most > 0 else None


def head_of(data: bytes, name: str) -> Head | None:
    """Return what recognition sees of the first bytes of a file; None where there is nothing."""
    text = _text(data)
    return _head(text, name) if text else None


def _head(text: str, name: str) -> Head:
    if text[0] in "[{":
        return Head(text, name, frozenset(_first_keys(text)), first=_first(text))
    line = text.splitlines()[0]
    mark = max(header.DELIMITERS, key=line.count)
    return Head(text, name, columns=tuple(header.cells(line, mark)))


def _first(text: str) -> Mapping[str, Any] | None:
    """Return the first JSON object of a text, or of its first array, if it is whole."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _json_shape(text: str) -> str | None:
    keys = _first_keys(text)
    if "desk" in keys or ("uid" in keys and ("thread" in keys or len(text) >= HEAD_BYTES // 4)):
        return "tix"
    if {"ref", "subject"} <= keys:
        return "tix"  # printed by list and show
    if "items" in keys and '"number"' in text and '"title"' in text:
        return "github"  # a page of GitHub's search
    if "data" in keys and _is_graphql(text):
        return "github"
    if github_shapes.is_printed(keys):
        return "github"
    if text[0] == "[" and {"id", "issue_type", "title"} <= keys:
        return "beads"  # printed by `bd list --json`
    if text[0] == "[":
        return "github" if {"number", "title"} <= keys or text.split() in (["[]"], ["[", "]"]) else None
    if keys & {"issues", "pulls"} or {"magic", "repo"} <= keys:
        return "ietf"
    if {"number", "title"} <= keys:
        return "github"
    return "beads" if "id" in keys and keys & {"title", "issue_type"} else None


def _is_graphql(text: str) -> bool:
    """Return whether a text begins like an answer of GitHub's GraphQL API with issues in it."""
    is_github = "github.com/" in text or '"repository"' in text or '"search"' in text
    return (
        is_github
        and bool(re.match(r"\[?\s*\{\s*\"data\"", text))
        and '"title"' in text
        and '"number"' in text
    )


# A whole string, and the colon that makes it a key; an unfinished string at the end; a bracket.
_TOKEN = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|"|[\[\]{}]', re.DOTALL)


def _first_keys(text: str) -> set[str]:
    """Return the keys of the first object in ``text``, as far as ``text`` goes: it may end anywhere."""
    keys: set[str] = set()
    depth = object_depth = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark == '"':
            break
        if mark in "[{":
            depth += 1
            object_depth = object_depth or (depth if mark == "{" else 0)
        elif mark in "]}":
            if depth == object_depth:
                break
            depth -= 1
        elif token[2] and depth == object_depth:
            keys.add(token[1])
    return keys


def _table_shape(text: str, name: str) -> str | None:
    if name.lower().endswith(".eml"):
        return "eml"
    known = header.recognised(text.splitlines()[0])
    return "csv" if known or name.lower().endswith((".csv", ".tsv")) else None
