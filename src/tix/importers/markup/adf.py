"""Atlassian's document format, the JSON in which Jira Cloud keeps texts, as plain text in Markdown's manner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tix.errors import BrokenRecord
from tix.importers.fields import clean
from tix.typing import Any

DEEPEST = 100  # nodes inside each other

Node = Mapping[str, Any]

_LISTS = frozenset({"bulletList", "orderedList", "taskList", "decisionList"})
_BLOCKS = (
    frozenset(
        "paragraph heading blockquote codeBlock panel rule table mediaSingle mediaGroup expand nestedExpand "
        "layoutSection layoutColumn bodiedExtension blockCard embedCard doc extension".split()
    )
    | _LISTS
)
_MARKS = {"code": "`", "strong": "**", "em": "_", "strike": "~~"}


def is_document(value: object) -> bool:
    """Return whether a value is such a document."""
    return isinstance(value, dict) and value.get("type") == "doc" and isinstance(value.get("content"), list)


def text(document: Node) -> str:
    """Return a document as text. Raises BrokenRecord if it is nested too deeply."""
    return clean(_blocks(document, 0)).strip("\n")


def _children(node: Node) -> Iterator[Node]:
    content = node.get("content")
    if isinstance(content, list):
        yield from (child for child in content if isinstance(child, dict))


def _blocks(node: Node, depth: int) -> str:
    """Return the blocks of a node, an empty line between two; words that stand among them are a block as well."""
    if depth > DEEPEST:
        raise BrokenRecord("a text is nested too deeply")
    found: list[str] = []
    loose: list[str] = []
    for child in _children(node):
        if child.get("type") in _BLOCKS:
            if loose:
                found.append("".join(loose))
                loose = []
            found.append(_block(child, depth + 1))
        else:
            loose.append(_inline(child, depth + 1))
    if loose:
        found.append("".join(loose))
    return "\n\n".join(one for one in found if one.strip())


def _block(node: Node, depth: int) -> str:
    kind = node.get("type")
    if kind in _LISTS:
        return _list(node, depth)
    if kind == "table":
        return "\n".join(_row(row, depth) for row in _children(node))
    if kind == "rule":
        return "---"
    inside = _blocks(node, depth)
    if kind == "heading":
        level = _attr(node, "level")
        return f"{'#' * int(level) if level in '123456' and level else '#'} {inside}"
    if kind == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
    if kind == "codeBlock":
        return f"```{_attr(node, 'language')}\n{inside}\n```"
    title = _attr(node, "title")
    if kind in ("blockCard", "embedCard"):
        return _attr(node, "url")
    return f"{title}\n\n{inside}" if title and inside else title or inside


def _list(node: Node, depth: int) -> str:
    lines = []
    for place, item in enumerate(_children(node), start=1):
        kind = node.get("type")
        mark = f"{place}. " if kind == "orderedList" else "- "
        if kind == "taskList":
            mark = "- [x] " if _attr(item, "state") == "DONE" else "- [ ] "
        if item.get("type") in _LISTS:
            mark, body = "  ", _list(item, depth + 1)
        else:
            body = _blocks(item, depth + 1).replace("\n\n", "\n")
        first, *others = body.split("\n")
        lines += [mark + first, *(" " * len(mark) + line for line in others)]
    return "\n".join(line.rstrip() for line in lines)


def _row(row: Node, depth: int) -> str:
    cells = (_blocks(cell, depth + 1).replace("\n", " ").replace("|", "\\|") for cell in _children(row))
    return f"| {' | '.join(cells)} |"


def _inline(node: Node, depth: int) -> str:
    kind = node.get("type")
    if kind == "text":
        return _marked(node)
    if kind == "hardBreak":
        return "\n"
    if kind in ("media", "mediaInline"):
        name = _attr(node, "alt") or _attr(node, "url") or _attr(node, "id")
        return f"[file: {name}]" if name else "[file]"
    if kind == "date":
        return _date(_attr(node, "timestamp"))
    told = _attr(node, "text") or _attr(node, "shortName") or _attr(node, "url")
    return told or _blocks(node, depth)


def _marked(node: Node) -> str:
    words = node.get("text")
    if not isinstance(words, str):
        return ""
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        if not isinstance(mark, dict):
            continue
        kind = mark.get("type")
        if kind == "link":
            address = _attr(mark, "href")
            words = words if not address or address == words else f"{words} ({address})"
        elif isinstance(kind, str) and (sign := _MARKS.get(kind)) and words.strip():
            words = f"{sign}{words}{sign}"
    return words


def _attr(node: Node, name: str) -> str:
    attrs = node.get("attrs")
    value = attrs.get(name) if isinstance(attrs, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _date(stamp: str) -> str:
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(int(stamp) / 1000, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return stamp
