"""The report of an import as a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tix.render.safe import safe_line
from tix.typing import Any

_COUNTS = {
    "imported": "Tickets imported",
    "updated": "Tickets updated",
    "skipped": "Tickets imported before, left as they are",
    "differing": "of these different in the file",
    "entries": "Entries",
    "people": "New people",
    "links": "Links",
    "files": "Files",
    "failed": "Broken records",
}


def import_report(title: str, record: Mapping[str, Any]) -> str:
    """Return the page; ``record`` is ``desk.transfer.report.ImportReport`` as plain values."""
    lines = [f"# {safe_line(title)}", "", "| | |", "| --- | ---: |"]
    lines += [f"| {label} | {record[name]:,} |" for name, label in _COUNTS.items()]
    lines += _listed("Left out", (_reason(one) for one in record["left_out"]), record["left_out"])
    words = record["unknown_words"]
    lines += _listed("Unknown words", (_word(one) for one in words), words)
    lines += _listed("Translated", (f"{one['reason']}: {one['records']:,}" for one in record["translated"]))
    lines += _listed("Kept, because it was changed here", record["kept"])
    lines += _listed("Updated", record["updated_tickets"])
    lines += _listed("Different in the file", record["differing_tickets"])
    lines += _listed("New people", (_person(one) for one in record["new_people"]))
    return "\n".join(lines) + "\n"


def _reason(one: Mapping[str, Any]) -> str:
    return f"{one['reason']} ({one['records']:,})"


def _word(one: Mapping[str, Any]) -> str:
    became = "refused" if one["used"] is None else one["used"]
    return f"{one['field']} {one['word']} → {became} ({one['records']:,}); {one['flag']}"


def _person(one: Mapping[str, Any]) -> str:
    address = f" <{one['email']}>" if one["email"] else ""
    return f"{one['login']}: {one['name']}{address}"


def _listed(head: str, words: Iterable[str], whole: Iterable[Mapping[str, Any]] = ()) -> list[str]:
    """Return a list under a heading, none for no words; below each word its examples, if ``whole`` has any."""
    lines = []
    examples = [one["examples"] for one in whole]
    for place, word in enumerate(words):
        lines.append(f"- {_escaped(word)}")
        lines += [f"  - {_escaped(one)}" for one in (examples[place] if examples else ())]
    return ["", f"## {head}", "", *lines] if lines else []


def _escaped(text: str) -> str:
    """Return words as Markdown shows them: nothing in them is markup."""
    shown = safe_line(text)
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in shown)
