"""Servers and databases that cannot be used over a network: one sentence each, the right exit code, and never a password."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.harness import Shell
from tests.postgresql import cluster as clusters
from tests.postgresql.cluster import Cluster, cluster

SECRET = "geheim-4711"


class Networked(NamedTuple):
    """A server on 127.0.0.1 with TLS; ``trusted`` is the certificate of its authority."""

    server: Cluster
    folder: Path
    trusted: Path

    def address(
        self, user: str = "ann", password: str = SECRET, database: str = "desk", **options: str
    ) -> str:
        host = options.pop("host", "localhost")
        said = "&".join(f"{name}={value}" for name, value in options.items())
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@{host}:{self.server.port}/{database}?{said}"


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certificate(folder: Path, name: str, *, is_expired: bool = False) -> None:
    """A certificate for localhost in ``name``.pem, signed by the authority ``ca``."""
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key")
    openssl(folder, "req", *key, "-subj", "/CN=localhost", "-out", f"{name}.csr")
    (folder / "index").touch()
    (folder / "ca.conf").write_text(
        f"[ca]\ndefault_ca=one\n[one]\ndatabase={folder}/index\nnew_certs_dir={folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n[any]\n"
    )
    until = "20200102000000Z" if is_expired else "20990101000000Z"
    openssl(
        folder, "ca", "-batch", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "ca.key", "-extfile", "names",
        "-startdate", "20200101000000Z", "-enddate", until, "-in", f"{name}.csr", "-out", f"{name}.pem",
    )  # fmt: skip


@pytest.fixture(scope="module")
def networked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Networked]:
    if clusters.programs() is None or shutil.which("openssl") is None:
        pytest.skip("needs PostgreSQL and openssl, which are not installed")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    settings = ("fsync=off", "listen_addresses=localhost")
    with cluster(*settings, port=port) as server:
        folder = tmp_path_factory.mktemp("certificates")
        for name in ("ca", "other"):
            key = (
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                f"{name}.key",
            )
            openssl(folder, "req", "-x509", *key, "-days", "9", "-subj", f"/CN={name}", "-out", f"{name}.pem")
        certificate(folder, "valid")
        certificate(folder, "expired", is_expired=True)
        server.execute(f"CREATE ROLE ann LOGIN PASSWORD '{SECRET}'")
        server.execute("CREATE DATABASE desk TEMPLATE template0 ENCODING 'UTF8' OWNER ann")
        (server.data / "pg_hba.conf").write_text("local all all trust\nhost all all samehost scram-sha-256\n")
        yield Networked(server, folder, folder / "ca.pem")


def present(networked: Networked, name: str | None) -> None:
    """Restart the server with a certificate; None: without TLS."""
    server = networked.server
    for end in ("pem", "key") if name else ():
        placed = server.data / f"server.{end}"
        shutil.copyfile(networked.folder / f"{name}.{end}", placed)
        placed.chmod(0o600)
        if os.getuid() == 0:
            shutil.chown(placed, "postgres")
    server.stop()
    tls = ("ssl=on", "ssl_cert_file=server.pem", "ssl_key_file=server.key") if name else ("ssl=off",)
    server.start("fsync=off", "listen_addresses=localhost", *tls)


def refused(desk: Shell, address: str, code: int, *said: str) -> str:
    """Read and write there: both are refused, with one sentence without the password."""
    for words in (("list",), ("new", "One", "-m", "x"), ("db", "info"), ("doctor",)):
        done = desk.tix("--store", address, *words, check=None, env={"TIX_STORE": ""})
        if words[0] != "doctor":
            assert done.code == code, done
            assert len(done.err.splitlines()) <= 2 + ("your text is saved" in done.err), done
            assert [one for one in said if one not in done.err] == [], done
        assert SECRET not in done.out + done.err
        assert "wrong-pass" not in done.out + done.err
        assert "Traceback" not in done.err
    return done.err


@pytest.fixture
def shell(tmp_path) -> Shell:
    made = Shell(tmp_path)
    made.env.pop("TIX_STORE")
    return made


def test_certificates_passwords_and_names(shell: Shell, networked: Networked):
    """With TLS: what is not trusted is refused before a password is sent; what is works."""
    present(networked, "valid")
    verified = {"sslmode": "verify-full", "sslrootcert": str(networked.trusted)}
    assert "No desk at" in shell.tix("--store", networked.address(**verified), "list").err
    refused(
        shell,
        networked.address(**{**verified, "sslrootcert": str(networked.folder / "other.pem")}),
        8,
        "trusted",
        "certificate verify failed",
    )
    refused(shell, networked.address(**verified, host="127.0.0.1"), 8, "trusted", "localhost", "127.0.0.1")
    refused(shell, networked.address(**{**verified, "sslrootcert": "/nowhere.pem"}), 8, "/nowhere.pem")
    refused(
        shell, networked.address(password="wrong-pass", **verified), 8, "does not accept the account", "ann"
    )
    refused(shell, networked.address(password="", **verified), 8, "password")
    refused(shell, networked.address(user="nobody", **verified), 8, "nobody")
    refused(shell, networked.address(database="nowhere", **verified), 8, "does not exist")
    present(networked, "expired")
    refused(shell, networked.address(**verified), 8, "trusted", "dates of the certificate")
    present(networked, None)
    refused(shell, networked.address(sslmode="require"), 8, "SSL was required")
    assert "No desk at" in shell.tix("--store", networked.address(sslmode="disable"), "list").err


def test_passwords_are_shown_nowhere(shell: Shell, networked: Networked):
    """Neither in answers nor in what a command writes down, nor to a program that it starts."""
    present(networked, None)
    address = networked.address(sslmode="disable")
    shell.env["TIX_STORE"] = address
    shell.tix("init")
    written = [shell.tix(*words, check=None) for words in (("new", "One", "-m", "x"), ("db", "info"), ("db", "info", "--json"), ("doctor", "--json"), ("config", "list"), ("whoami",), ("db", "backup", "b.db"), ("list", "--json"))]  # fmt: skip
    assert [one for one in written if SECRET in one.out + one.err] == []
    networked.server.execute("ALTER DATABASE desk SET default_transaction_read_only = on")
    for words in (("reply", 1), ("note", 1, "--store", address), ("new", "Two", f"--store={address}")):
        assert "your text is saved" in shell.tix(*words, stdin="a text", check=7).err
    drafts = shell.tix("draft", "list", "--json")
    assert len(drafts.json) == 3
    assert SECRET not in drafts.out + shell.tix("draft", "show", drafts.json[0]["name"], "--json").out
    networked.server.execute("ALTER DATABASE desk SET default_transaction_read_only = off")
    assert "Replied" in (sent := shell.tix("draft", "send", "reply.1")).err or sent.out == "TIX-1\n"
    assert [
        path
        for path in shell.home.rglob("*")
        if path.is_file() and SECRET in path.read_text(errors="replace")
    ] == []


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("postgresql://ann@nosuch.invalid/desk", 6, "nosuch.invalid"),
        ("postgresql://ann@127.0.0.1:1/desk", 6, "refused"),
        ("postgresql://ann@127.0.0.1:1,127.0.0.1:2/desk", 6, "refused"),
        ("postgresql://ann@127.0.0.1:port/desk", 2, "port"),
        ("postgresql://ann@127.0.0.1:99999/desk", 2, "99999"),
        ("postgresql://ann@[::1/desk", 2, "not an address"),
        ("postgresql://ann@127.0.0.1/desk?sslmode=maybe", 2, "maybe"),
        ("postgresql://ann@127.0.0.1/desk?target_session_attrs=fast", 2, "fast"),
        ("postgresql://ann@127.0.0.1/desk?colour=red", 2, "colour"),
        ("postgresql://ann@127.0.0.1/desk?connect_timeout=soon", 2, "soon"),
        ("postgresql://ann%zz@127.0.0.1/desk", 2, "not an address"),
    ],
)
def test_an_address_with_a_wrong_part(shell: Shell, address, code, said):
    pytest.importorskip("psycopg")
    refused(shell, address, code, said)
