"""Write a generated page, or say whether the one that is there is fresh."""

import sys
from pathlib import Path


def write_or_check(target: Path, text: str, arguments: list[str]) -> int:
    """Write ``text`` to ``target``, or with ``--check`` compare them; return the exit status."""
    if "--check" in arguments:
        if target.exists() and target.read_text(encoding="utf-8") == text:
            return 0
        print(f"docs/{target.name} is out of date: run make docs", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    print(f"{target.name}: {len(text)} characters", file=sys.stderr)
    return 0
