"""How large files are, for people."""

from __future__ import annotations


def format_size(size: int) -> str:
    """Return ``size`` bytes for people, in the form ``parse_size`` reads: ``30MB``, ``1MiB``, ``31.2MB``, ``812B``.

    It is exact if the size is a whole number of a unit, else rounded to one decimal.
    """
    for name, unit in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{name}"
    for name, unit in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{name}"
    for name, unit in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= unit:
            return f"{size / unit:.1f}{name}"
    return f"{size}B"
