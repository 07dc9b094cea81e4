"""A Postfix of its own: configuration, queue and mailboxes in one folder, on a free port of loopback."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
verify   unix - - n - 1 verify
flush    unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
tlsmgr   unix - - n 1000? 1 tlsmgr
showq    unix n - n - - showq
error    unix - - n - - error
retry    unix - - n - - error
discard  unix - - n - - discard
virtual  unix - n n - - virtual
anvil    unix - - n - 1 anvil
scache   unix - - n - 1 scache
postlog  unix-dgram n - n - 1 postlogd
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = x.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = discard
smtputf8_enable = yes
smtpd_recipient_limit = 5
message_size_limit = 1000000
smtpd_peername_lookup = no
smtpd_hard_error_limit = 1000
smtpd_error_sleep_time = 0
{more}
"""

BOXES = {"ann": "ann@x.example", "ben": "ben@x.example", "joerg": "jörg@x.example"}


class Postfix:
    """A running Postfix: its port, and the mail in its boxes."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def mail(self, box: str, count: int) -> list[bytes]:
        """The mails in a box once there are ``count``; fewer if it takes over 30 seconds."""
        new = self.folder / "mail" / box / "new"
        for _ in range(300):
            if new.is_dir() and len(list(new.iterdir())) >= count:
                break
            time.sleep(0.1)
        return [path.read_bytes() for path in sorted(new.iterdir())] if new.is_dir() else []

    @property
    def log(self) -> str:
        path = self.folder / "postfix.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


@contextmanager
def running(more: str = "") -> Iterator[Postfix]:
    """A Postfix, stopped at the end. Skips where there is none, or nobody who may start it."""
    if shutil.which("postfix") is None:
        pytest.skip("needs postfix, which is not installed")
    if os.geteuid() != 0:
        pytest.skip("needs root, to start postfix")
    folder = Path(tempfile.mkdtemp(prefix="tix-postfix-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    owner = pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name in ("queue", "data", "mail", "conf"):
        (folder / name).mkdir()
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    boxes = ", ".join(f"{{ {address} = {box}/ }}" for box, address in BOXES.items())
    main = MAIN.format(folder=folder, uid=owner.pw_uid, gid=owner.pw_gid, boxes=boxes, more=more)
    (folder / "conf" / "main.cf").write_text(main, encoding="utf-8")
    (folder / "conf" / "master.cf").write_text(MASTER.format(port=port), encoding="utf-8")
    command = ["postfix", "-c", str(folder / "conf")]
    try:
        started = subprocess.run([*command, "start"], capture_output=True, text=True, timeout=60, check=False)
        relay = Postfix(folder, port)
        if started.returncode != 0:
            pytest.fail(f"postfix does not start: {started.stderr}{relay.log}")
        yield relay
    finally:
        subprocess.run([*command, "stop"], capture_output=True, timeout=60, check=False)
        shutil.rmtree(folder, ignore_errors=True)
