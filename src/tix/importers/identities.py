"""Which rows of a table are of one ticket."""

from __future__ import annotations

IDENTITIES = frozenset({"ref", "uid", "number"})


def identity(row: list[str], fields: list[str | None]) -> int:
    """What the rows of one ticket have in common, as a hash; 0 for a row that has nothing of the kind."""
    cells = {field: cell.strip() for field, cell in zip(fields, row, strict=False) if cell.strip()}
    name = next((name for name in ("uid", "ref", "number") if name in cells), None)
    if name is None:
        return 0
    began = "" if name == "uid" else cells.get("created_at") or cells.get("subject", "")
    return hash((name, cells[name], began))
