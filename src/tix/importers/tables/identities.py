"""Which rows of a table belong to one ticket."""

from __future__ import annotations

IDENTITIES = frozenset({"ref", "uid", "number"})


def identity(row: list[str], fields: list[str | None]) -> int:
    """Return a hash of what identifies the ticket of a row; 0 for a row without any such cell."""
    cells = {field: cell.strip() for field, cell in zip(fields, row, strict=False) if cell.strip()}
    name = next((name for name in ("uid", "ref", "number") if name in cells), None)
    if name is None:
        return 0
    began = "" if name == "uid" else cells.get("created_at") or cells.get("subject", "")
    return hash((name, cells[name], began))
