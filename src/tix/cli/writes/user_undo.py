"""The command that takes back a change of a person."""

from __future__ import annotations

from tix.typing import Any

Record = dict[str, Any]

_OPTIONS = "name email phone role client contact manager departments teams away_until".split()


def of_edit(before: Record, after: Record) -> list[str] | None:
    """Return the command that makes a person what they were; None where there is none."""
    argv = ["tix", "user", "edit", after["login"]]
    for name in _OPTIONS:
        old = before.get(name)
        if not before or old == after[name]:
            continue
        if name in ("name", "role") and old is None:
            return None
        argv.append(f"--{name.replace('_', '-')}={_word(old)}")
    if before and before["active"] != after["active"]:
        argv.append("--active" if before["active"] else "--inactive")
    return argv if len(argv) > 4 else None


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value) or "none"
    return "none" if value is None else str(value)
