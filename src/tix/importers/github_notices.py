"""Notices about what a file of GitHub issues does not contain."""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers.record import Notice


def notices(elsewhere: int, undated: int) -> Iterator[Notice]:
    """Yield notices about comments and times that a file does not contain."""
    if elsewhere:
        how = "gh issue list --state all --limit 10000 --json number,title,body,state,createdAt,closedAt,author,labels,url,comments"
        yield Notice(
            f"1 comment is not in this file; export it with: {how}",
            f"{{count:,}} comments are not in this file; export them with: {how}",
            elsewhere,
        )
    if undated:
        yield Notice(
            "1 record has no creation date; the earliest date in it is used, or else now",
            "{count:,} records have no creation date; the earliest date in each is used, or else now",
            undated,
        )
