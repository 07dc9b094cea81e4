"""Keep the files that come with imported records, as far as the desk accepts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.context import Desk
from tix.desk.tickets import files as uploads
from tix.domain.tickets.timeline import File
from tix.errors import InvalidValue
from tix.importers.record import ImportedFile


class KeptFiles:
    """Takes the files of one import. ``put`` keeps bytes under their digest until they are written."""

    def __init__(self, desk: Desk, put: Callable[[str, bytes], None]) -> None:
        # What came from outside is held to the rules for requesters.
        self._policy = uploads.policy(desk, of_staff=False)
        self._put = put

    def take(self, files: Sequence[ImportedFile]) -> tuple[tuple[File, ...], list[str]]:
        """Return the files that the desk accepts, and a line for each that it does not."""
        from tix.domain.files.attachments import check

        taken: list[File] = []
        left: list[str] = []
        for one in files:
            found = uploads.upload(one.name, one.data)
            try:
                check([*taken, found.file], self._policy)
            except InvalidValue as error:
                left.append(
                    f"Attached: {found.file.name} ({len(one.data):,} bytes), not kept: {error.message}"
                )
                continue
            self._put(found.file.sha256, found.data)
            taken.append(found.file)
        return tuple(taken), left
