"""The archive that IETF working groups keep of a GitHub repository: one object with issues and pulls.

Its records are GitHub's, with people as plain logins, and get the same keys: an archive and an export of one
repository give the same imported tickets. A comment of a review has no author of its own; it is the reviewer's.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.importers import github
from tix.importers.files import document
from tix.importers.github_notices import notices
from tix.importers.github_shapes import comments_elsewhere
from tix.importers.record import Fault, ImportedTicket, Notice
from tix.typing import BinaryIO


def stories(stream: BinaryIO) -> Iterator[ImportedTicket | Fault | Notice]:
    """Yield every issue, then every pull request. Raises InvalidValue if the file is not such an archive."""
    archive = document(stream)
    if isinstance(archive, dict) and isinstance(archive.get("issues"), list):
        first = next(iter(archive["issues"]), None)
        if isinstance(first, dict) and "fields" in first and "number" not in first:
            raise InvalidValue("not an IETF archive but an answer of Jira", hint="use --from jira-rest")
    if not isinstance(archive, dict) or not ("issues" in archive or "pulls" in archive):
        raise InvalidValue("not an IETF archive: it has neither 'issues' nor 'pulls'")
    repo = archive.get("repo")
    repository = f"github.com/{repo}".lower() if isinstance(repo, str) and repo else None
    elsewhere = 0
    for kind, name in (("issues", "issue"), ("pulls", "pull")):
        items = archive.get(kind) or []
        if not isinstance(items, list):
            raise InvalidValue(f"not an IETF archive: '{kind}' is not a list")
        for place, item in enumerate(items, start=1):
            elsewhere += comments_elsewhere(item)
            yield github.told(item, f"{name} {place}", repository, pull=kind == "pulls")
    yield from notices(elsewhere, 0)
