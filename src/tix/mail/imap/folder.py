"""Read messages from a folder of an IMAP server, and file them there once they are stored.

What this never does, because other programs share the mailbox: EXPUNGE and CLOSE (both delete what *others* have
marked), reading with BODY[] (it marks as read), looking for UNSEEN (a person who looks into the mailbox would hide
mail from the desk), and ``uid:*`` (``*`` is always answered with the last message). Messages are moved by MOVE
(RFC 6851) where the server has it, else flagged with the keyword ``TixDone``, and always addressed by UID.

The standard library's imaplib is used below our limits, not IMAPClient: that one is itself a layer over imaplib, so
our ``Connection`` would have to be pushed under it through a private method, its lexer goes through every answer byte
by byte, and its parser recurses where a server nests. What it would add, folder names and XOAUTH2, is a page.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tix.errors import MailboxError, MailboxLost
from tix.mail import folder_names
from tix.mail.imap.answers import bodies, folder_list, sizes
from tix.mail.imap.connection import BUDGET, Connection
from tix.mail.imap.errors import is_refusal, require, sentence, untrusted
from tix.mail.imap.login import Account, capabilities, connect, log_in
from tix.mail.mailbox import BATCH, HEADER_LIMIT, LIMIT, Found, Raw, header_of
from tix.typing import NamedTuple

DONE = "TixDone"
QUARANTINED = "TixQuarantine"
PATIENCE = 60.0  # seconds for one command
SLOWEST = 32 * 1024  # bytes a second: so much longer the fetch of a large message may take
_FAREWELL = 5.0  # seconds for the log-out


class Filing(NamedTuple):
    """The folder that is read, and where its messages go.

    ``done`` and ``quarantine`` are folders, created when the first message goes there. With ``done`` None messages
    stay and get the keyword TixDone and the flag for read, for a mailbox in which others read along. With
    ``quarantine`` None a message in quarantine goes the way of the others; where they stay, it stays unread and gets
    the keyword TixQuarantine, too.
    """

    folder: str = "INBOX"
    done: str | None = None
    quarantine: str | None = None


class Imap:
    """A folder of an IMAP server as a Mailbox. Opening it logs in and lists what is to be fetched.

    ``patience`` is the time in seconds for one command, whatever the server sends meanwhile; ``limit`` the size in
    bytes above which only the header of a message is fetched. Every failure is a MailboxError of one sentence.
    """

    def __init__(
        self,
        account: Account,
        filing: Filing | None = None,
        *,
        patience: float = PATIENCE,
        limit: int = LIMIT,
    ) -> None:
        self.account = account
        self.filing = filing or Filing()
        self._patience = patience
        self._limit = limit
        self._connection: Connection | None = None
        self._capabilities: frozenset[str] = frozenset()
        self._validity: int | None = None
        self._sizes: dict[int, int | None] = {}
        self._created: set[str] = set()
        self._check_names()
        try:
            self._open()
            self._uids = self._search()
        except BaseException:
            self._drop()
            raise

    def __len__(self) -> int:
        return len(self._uids)

    def found(self) -> Iterator[Found]:
        """Yield the messages in the folder that are not flagged as done, by their number."""
        for uid in self._uids:
            yield Found(self.filing.folder, self._validity or 0, uid)

    def raw(self, found: Found) -> Raw | None:
        """Return a message without marking it as read; None if it is gone. Of a large one only the header."""
        uid = self._uid(found)
        if uid is None:
            return None
        size = self._size(uid)
        if size is None:
            return None
        if size > self._limit:
            header = self._body(uid, f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>", HEADER_LIMIT)
            return None if header is None else Raw(header[0], size, cut=True)
        body = self._body_or_gone(uid, size)
        if body is None:
            return None
        content, cut = body
        return Raw(header_of(content), cut, cut=True) if cut else Raw(content, len(content))

    def done(self, founds: tuple[Found, ...]) -> None:
        """Move messages to the folder for done ones, or flag them TixDone and read."""
        self._file(founds, self.filing.done, f"({DONE} \\Seen)")

    def quarantined(self, founds: tuple[Found, ...]) -> None:
        """Move messages to the folder for quarantine, or flag them and leave them unread."""
        self._file(founds, self.filing.quarantine or self.filing.done, f"({DONE} {QUARANTINED})")

    def reopen(self) -> None:
        """Connect again. Raises MailboxError if that fails, or if the server has renumbered the folder meanwhile."""
        self._drop()
        before = self._validity
        self._open()
        if self._validity != before:
            raise MailboxError(f"{self.account.host} has renumbered folder '{self.filing.folder}' meanwhile.")

    def close(self) -> None:
        """Log out, waiting a few seconds at most; never raises."""
        if self._connection is not None and not self._connection.busy:
            with suppress(MailboxError), self._asking("log out", _FAREWELL) as connection:
                connection.logout()
        self._drop()

    def folders(self) -> tuple[str, ...]:
        """Return the names of all folders of this account, as people write them."""
        with self._asking("list the folders") as connection:
            answer, data = connection.list('""', '"*"')
            self._require(answer, data, "did not list its folders")
        return folder_list(data)

    def create(self, folder: str) -> None:
        """Create and subscribe a folder. Raises MailboxError if the server refuses, e.g. because it exists."""
        name = self._quoted(folder)
        with self._asking(f"create folder '{folder}'") as connection:
            answer, data = connection.create(name)
            self._require(answer, data, f"did not create folder '{folder}'")
            connection.subscribe(name)

    @property
    def moves(self) -> bool:
        """Whether messages that are done leave the folder; else they are flagged."""
        return self.filing.done is not None and "MOVE" in self._capabilities

    # ------------------------------------------------------------------------------------------ opening

    def _check_names(self) -> None:
        folder = self.filing.folder
        self._quoted(folder)
        for name in (self.filing.done, self.filing.quarantine):
            if name is not None:
                self._quoted(name)
                if name == folder or name.upper() == folder.upper() == "INBOX":
                    raise MailboxError(
                        f"Messages are fetched from folder '{name}', so they cannot be moved there."
                    )

    def _quoted(self, folder: str) -> str:
        try:
            return folder_names.quoted(folder)
        except ValueError:
            raise MailboxError("A folder name is empty or has a control character.") from None

    def _open(self) -> None:
        """Connect, log in, select the folder."""
        with self._explaining("connect"):
            self._connection = connect(self.account, self._patience, self._limit)
            self._connection.end()
        with self._asking(f"let {self.account.user} log in") as connection:
            log_in(connection, self.account)
        with self._asking("list its capabilities") as connection:
            self._capabilities = capabilities(connection, self.account)
        self._select()

    def _select(self) -> None:
        """Select the folder, writable, and note its UIDVALIDITY."""
        folder, host = self.filing.folder, self.account.host
        with self._asking(f"open folder '{folder}'") as connection:
            answer, data = connection.select(self._quoted(folder))
            self._require(answer, data, f"did not open folder '{folder}'")
            _, codes = connection.response("UIDVALIDITY")
        code = codes[-1] if codes else None
        if not isinstance(code, bytes) or not code.isdigit() or len(code) > 10:
            raise MailboxError(
                f"{host} does not number the messages in '{folder}' permanently (no UIDVALIDITY)."
            )
        self._validity = int(code)

    def _search(self) -> array[int]:
        """Return the numbers of the messages that are not done, ascending."""
        searches = [("ALL",)] if self.moves else [("UNKEYWORD", DONE), ("ALL",)]
        with self._asking("search the folder") as connection:
            for search in searches:  # a server that knows no keywords may refuse to search for one
                answer, data = connection.uid("SEARCH", *search)
                if answer == "OK":
                    break
            self._require(answer, data, "did not search the folder")
        found = {
            int(word) for line in data if isinstance(line, bytes) for word in line.split() if _is_uid(word)
        }
        return array("L", sorted(found))

    # --------------------------------------------------------------------------------- reading and filing

    def _uid(self, found: Found) -> int | None:
        """Return the number of a message that is of this folder and numbering, else None."""
        ours = (self.filing.folder, self._validity) == (found.folder, found.validity)
        return found.uid if ours and isinstance(found.uid, int) else None

    def _size(self, uid: int) -> int | None:
        """Return the size of a message in bytes, None if it is gone; asked for fifty at a time."""
        if uid not in self._sizes:
            start = bisect_left(self._uids, uid)
            batch = self._uids[start : start + BATCH].tolist() or [uid]
            with self._asking("ask for sizes") as connection:
                answer, data = connection.uid("FETCH", ",".join(map(str, batch)), "(UID RFC822.SIZE)")
            # If it refuses because of one of them, each is asked for by itself, below the limit for a literal.
            known = sizes(data) if answer == "OK" else dict.fromkeys(batch, 0)
            self._sizes = {one: known.get(one) for one in [*batch, uid]}
        return self._sizes[uid]

    def _body_or_gone(self, uid: int, size: int) -> tuple[bytes, int] | None:
        """Return what ``_body`` does of a whole message. What is refused because it is gone is gone (RFC 2180, 4.1)."""
        try:
            return self._body(uid, "BODY.PEEK[]", size)
        except MailboxLost:
            raise
        except MailboxError:
            with self._asking("report changes") as connection:
                connection.noop()  # from here on the server may leave out what others have removed
            self._sizes.pop(uid, None)
            if self._size(uid) is None:
                return None
            raise

    def _body(self, uid: int, section: str, size: int) -> tuple[bytes, int] | None:
        """Return a part of a message, and its announced size if that is over the limit, else 0; None if it is gone."""
        seconds = self._patience + size / SLOWEST
        with self._asking("fetch a message", seconds, self._limit + BUDGET) as connection:
            answer, data = connection.uid("FETCH", str(uid), f"(UID {section})")
            self._require(answer, data, f"did not deliver message {uid}")
            cut = connection.cut
        found = bodies(data)
        if uid in found:
            body = found[uid]
            if body is None:
                raise MailboxError(f"{self.account.host} sent message {uid} without content.")
            return body, cut
        if found:
            raise MailboxError(f"{self.account.host} answered with another message than {uid}.")
        return None

    def _file(self, founds: tuple[Found, ...], folder: str | None, flags: str) -> None:
        """Move or flag messages, fifty with one command."""
        uids = [uid for found in founds if (uid := self._uid(found)) is not None]
        for start in range(0, len(uids), BATCH):
            batch = ",".join(map(str, uids[start : start + BATCH]))
            if folder is not None and self.moves:
                self._move(batch, folder)
            else:
                with self._asking("flag messages") as connection:
                    answer, data = connection.uid("STORE", batch, "+FLAGS.SILENT", flags)
                    self._require(answer, data, "did not flag messages")

    def _move(self, batch: str, folder: str) -> None:
        """Move messages; create the folder if the first try shows that it is missing (RFC 6851, section 3.3)."""
        for _ in range(2):
            with self._asking(f"move messages to '{folder}'") as connection:
                answer, data = connection.uid("MOVE", batch, self._quoted(folder))
                if answer == "OK":
                    return
            if folder in self._created:
                break
            self._created.add(folder)
            with suppress(MailboxError):
                self.create(folder)
        self._require(answer, data, f"did not move messages to '{folder}'")

    # ---------------------------------------------------------------------------------- asking and failing

    @contextmanager
    def _asking(self, what: str, seconds: float | None = None, budget: int = BUDGET) -> Iterator[Connection]:
        """Lend the connection for one question. Raises MailboxLost if it cannot be used for another one."""
        connection = self._connection
        if connection is None or connection.busy:
            raise MailboxLost(f"The connection to {self.account.host} is closed.")
        connection.begin(self._patience if seconds is None else seconds, budget)
        with self._explaining(what):
            yield connection
        connection.end()

    @contextmanager
    def _explaining(self, what: str) -> Iterator[None]:
        """Turn every failure into a MailboxError with one sentence, or MailboxLost where the connection is unusable.

        A refusal leaves it usable: the answer was read to its end. After anything else, an interruption too, it is
        unknown where the next answer begins, and the connection stays busy.
        """
        try:
            yield
        except MailboxError as error:
            if self._connection is not None and not isinstance(error, MailboxLost):
                self._connection.end()
            raise
        except Exception as error:  # noqa: BLE001  # imaplib fails in many ways on an invalid answer
            refused = untrusted(error, self.account.host)
            if refused is not None:
                raise refused from None
            text = sentence(error, self.account.host, what, self.account.secret, self._connection)
            if self._connection is None or not is_refusal(error):
                raise MailboxLost(text) from None
            self._connection.end()
            raise MailboxError(text) from None

    def _require(self, answer: str, data: Sequence[object], refusal: str) -> None:
        require(answer, data, self.account.host, refusal, self.account.secret)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.shutdown()
            self._connection = None


def _is_uid(word: bytes) -> bool:
    return word.isdigit() and len(word) <= 10 and 0 < int(word) < 2**32
