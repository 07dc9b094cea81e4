"""Where tickets and their files are on the web, so that a terminal can lead there."""

from __future__ import annotations

from tix.typing import NamedTuple

NUMBER, REF, FILE = "{number}", "{ref}", "{file}"


class Targets(NamedTuple):
    """Addresses with placeholders, ``https://desk.example/tickets/{number}``; an empty one leads nowhere."""

    ticket: str = ""
    file: str = ""

    def of_ticket(self, ref: str) -> str:
        """Return the address of a ticket; nothing where there is none."""
        return _filled(self.ticket, ref)

    def of_file(self, ref: str, file: int) -> str:
        """Return the address of a file of a ticket; nothing where there is none."""
        return _filled(self.file, ref).replace(FILE, str(file))


def _filled(address: str, ref: str) -> str:
    """The address; anything that could end the link is no address."""
    if not address or not (ref.isascii() and ref.replace("-", "").isalnum()):
        return ""
    found = address.replace(NUMBER, ref.rpartition("-")[2]).replace(REF, ref)
    return found if all("!" <= char <= "~" for char in found) else ""
