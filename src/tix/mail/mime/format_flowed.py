"""Text whose paragraphs are wrapped by the rules of format=flowed (RFC 3676)."""

from __future__ import annotations


def reflowed(text: str, *, delete_space: bool) -> str:
    """Return format=flowed text with its paragraphs on one line each (RFC 3676, section 4).

    A line that ends in a blank continues on the next one of the same quote depth; the signature separator ``-- `` never
    does. One blank that the sender stuffed in front is dropped. ``delete_space`` is DelSp=yes.
    """
    lines: list[str] = []
    joined: list[str] = []
    depth = 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        quotes = len(line) - len(content)
        content = content.removeprefix(" ")
        if joined and (quotes != depth or content == "-- "):
            lines.append(_quoted("".join(joined), depth))
            joined = []
        depth = quotes
        if content.endswith(" ") and content != "-- ":
            joined.append(content[:-1] if delete_space else content)
        else:
            lines.append(_quoted("".join([*joined, content]), depth))
            joined = []
    if joined:
        lines.append(_quoted("".join(joined), depth))
    return "\n".join(lines)


def _quoted(text: str, depth: int) -> str:
    return f"{'>' * depth} {text}" if depth else text
