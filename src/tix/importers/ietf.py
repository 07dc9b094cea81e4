"""The archive of a GitHub repository that IETF working groups keep: one object, issues and pulls inside.

Its records are GitHub's with people as bare logins, and get the same keys: an archive and an export of one
repository tell the same stories. A comment of a review has no author of its own; it is the reviewer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tix.errors import InvalidValue
from tix.importers import github
from tix.importers.files import document
from tix.importers.record import Fault, Story


def stories(stream: BinaryIO) -> Iterator[Story | Fault]:
    """Every issue, then every pull request. Raises InvalidValue when the file is no such archive."""
    archive = document(stream)
    if not isinstance(archive, dict) or not ("issues" in archive or "pulls" in archive):
        raise InvalidValue("not an archive of the IETF's: it has neither 'issues' nor 'pulls'")
    repo = archive.get("repo")
    repository = f"github.com/{repo}".lower() if isinstance(repo, str) and repo else None
    for kind, name in (("issues", "issue"), ("pulls", "pull")):
        items = archive.get(kind) or []
        if not isinstance(items, list):
            raise InvalidValue(f"not an archive of the IETF's: '{kind}' is not a list")
        for place, item in enumerate(items, start=1):
            yield github.told(item, f"{name} {place}", repository, pull=kind == "pulls")
