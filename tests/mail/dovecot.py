"""A real IMAP server for the tests: Dovecot, with a folder, a port and mailboxes of its own.

It runs as whoever runs the tests; as root it serves the mailboxes as `nobody`, because Dovecot refuses to be root
there. `fresh` gives a test a user whose mailboxes are empty.
"""

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PASSWORD = "geheim"
_numbers = itertools.count(1)

CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    """A running server: its ports, and its users' mailboxes as folders on disk."""

    def __init__(self, folder: Path, certificate: tuple[Path, Path] | None = None) -> None:
        self.folder = folder
        self.port, self.tls_port = _free_port(), _free_port()
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        self.owner = pwd.getpwnam("nobody") if root else me
        for name in ("run", "mail"):
            (folder / name).mkdir(mode=0o755)
        os.chown(folder / "mail", self.owner.pw_uid, self.owner.pw_gid)
        text = CONFIG.format(
            folder=folder,
            run=folder / "run",
            ssl="yes" if certificate else "no",
            certificate="ssl_cert = <{}\nssl_key = <{}".format(*certificate) if certificate else "",
            internal="dovecot" if root else me.pw_name,
            internal_group="dovecot" if root else grp.getgrgid(me.pw_gid).gr_name,
            login="dovenull" if root else me.pw_name,
            password=PASSWORD,
            uid=self.owner.pw_uid,
            gid=self.owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port,
        )
        (folder / "dovecot.conf").write_text(text)
        program = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
        assert program is not None
        self.process = subprocess.Popen(
            [program, "-F", "-c", str(folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await_greeting()

    def _await_greeting(self) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as line:
                if line.recv(100).startswith(b"* OK"):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        log = self.folder / "log"
        pytest.skip(f"dovecot does not start here: {log.read_text() if log.exists() else 'no log'}")

    def stop(self) -> None:
        """End the server and its children."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def fresh(self) -> str:
        """Return the name of a user who has no mail yet."""
        return f"desk{next(_numbers)}"

    def mailbox(self, user: str, folder: str = "INBOX") -> Path:
        """The folder on disk of one of a user's mail folders."""
        home = self.folder / "mail" / user
        return home if folder == "INBOX" else home / f".{folder}"

    def deliver(self, user: str, messages: Iterable[bytes], folder: str = "INBOX") -> None:
        """Put messages into a mail folder, as a delivery agent does: written in tmp, moved to new."""
        box = self.mailbox(user, folder)
        for name in ("", "new", "cur", "tmp"):
            self._folder(box / name)
        for message in messages:
            number = next(_numbers)
            name = f"{1_700_000_000 + number}.M{number}P1.test"
            (box / "tmp" / name).write_bytes(message)
            os.chown(box / "tmp" / name, self.owner.pw_uid, self.owner.pw_gid)
            (box / "tmp" / name).rename(box / "new" / name)

    def _folder(self, path: Path) -> None:
        for part in (*reversed(path.parents), path):
            if not part.exists():
                part.mkdir(mode=0o700)
                os.chown(part, self.owner.pw_uid, self.owner.pw_gid)

    def renumber(self, user: str, folder: str = "INBOX") -> None:
        """Lose the index of a mail folder, as a restored backup does: other numbers, no keywords, all unread."""
        box = self.mailbox(user, folder)
        head = (box / "dovecot-uidlist").read_text().partition("\n")[0]
        validity = int(head.split(" V")[1].split()[0])
        for path in box.glob("dovecot*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self.files(user, folder):
            path.rename(box / "new" / path.name.partition(":")[0])
        (box / "dovecot-uidlist").write_text(f"3 V{validity + 1} N1\n")
        os.chown(box / "dovecot-uidlist", self.owner.pw_uid, self.owner.pw_gid)

    def files(self, user: str, folder: str = "INBOX") -> list[Path]:
        """The files of the messages in a mail folder."""
        box = self.mailbox(user, folder)
        return sorted([*box.glob("new/*"), *box.glob("cur/*")])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(certificate: tuple[Path, Path] | None = None) -> Iterator[Dovecot]:
    """Run a server in a folder of its own, short enough for its sockets and open to the user it serves as."""
    if shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("needs dovecot, which is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tix-imap-"))
    folder.chmod(0o755)
    server = None
    try:
        server = Dovecot(folder, certificate)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
