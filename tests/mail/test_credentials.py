"""Where passwords come from, and that they are seen nowhere else."""

import os
import pickle
import traceback
from pathlib import Path

import pytest

from tix.errors import CredentialError
from tix.mail.credentials import LONGEST, Secret, password, token

CANARY = "kanarienvogel-7731"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


def refusal(**ways) -> CredentialError:
    """The refusal of a password; nothing of the canary is in it, nor in what led to it."""
    with pytest.raises(CredentialError) as caught:
        password("desk@x.example", **ways)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert CANARY not in repr(seen.args) + repr(vars(seen))
        assert CANARY.encode() not in getattr(seen, "object", b"")
        seen = seen.__context__
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    "command",
    [
        f"echo {CANARY}",
        f"printf %s {CANARY}",
        f"printf '{CANARY}\\r\\n'",
        f"printf '{CANARY}\\nurl: https://x.example\\nuser: desk\\n'",
        f"echo {CANARY} | cat",
        f"cat >/dev/null; echo {CANARY}",
    ],
    ids=["plain", "no line break", "crlf", "notes below", "a pipe", "reads its input"],
)
def test_a_command_is_a_shell_line_whose_first_line_counts(command: str):
    assert password("desk", command=command).reveal() == CANARY
    assert token("desk", command).reveal() == CANARY


def test_blanks_and_letters_of_any_alphabet_belong_to_a_password():
    assert password("desk", command="printf ' gehéim ключ \\n'").reveal() == " gehéim ключ "


def test_a_file_that_is_ours_and_closed(file: Path):
    assert password("desk", file=file).reveal() == CANARY
    file.chmod(0o400)
    assert password("desk", file=file).reveal() == CANARY


def test_the_environment_comes_before_the_command_and_the_file(monkeypatch: pytest.MonkeyPatch, file: Path):
    """As everywhere in tix: what a person sets for one run is stronger than what is configured."""
    monkeypatch.setenv("DESK_PASSWORD", "from-environment")
    ways = {"environment": "DESK_PASSWORD", "command": "echo from-command", "file": file}
    assert password("desk", **ways).reveal() == "from-environment"
    monkeypatch.setenv("DESK_PASSWORD", "")
    assert password("desk", **ways).reveal() == "from-command"
    assert password("desk", **(ways | {"command": None})).reveal() == CANARY


def test_without_any_way_the_sentence_says_what_to_do():
    error = refusal()
    assert error.message == "No password for desk@x.example."
    assert "0600" in (error.hint or "")
    assert "DESK_NOWHERE" in refusal(environment="DESK_NOWHERE").message


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_open_to_others_is_refused(file: Path, mode: int):
    file.chmod(mode)
    error = refusal(file=file)
    assert f"{mode:04o}" in error.message
    assert error.hint == f"chmod 600 {file}"


def test_a_file_of_somebody_else_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    assert "belongs to another user" in refusal(file=file).message


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "regular" in refusal(file=tmp_path / "pipe").message
    assert "regular" in refusal(file=tmp_path).message
    assert "No such file" in refusal(file=tmp_path / "none").message
    assert "ValueError" in refusal(file=Path("nul\0")).message


@pytest.mark.parametrize(
    ("written", "word"),
    [
        (b"", "empty"),
        (b"\n" + CANARY.encode(), "empty"),
        (CANARY.encode() + b"\rA1 LOGOUT\r\n", "control"),
        (CANARY.encode() + b"\x01auth", "control"),
        (CANARY.encode() + b"\0", "control"),
        (CANARY.encode() + "\x85".encode(), "control"),
        (CANARY.encode() + b"\xff\xfe", "UTF-8"),
        (CANARY.encode() * LONGEST, "longer"),
    ],
    ids=["empty", "empty line", "cr", "^A of XOAUTH2", "nul", "nel", "latin-1", "long"],
)
def test_what_no_password_can_be_is_refused(file: Path, written: bytes, word: str):
    """Line breaks and the ^A that separates the fields of XOAUTH2 would be commands to the server."""
    file.write_bytes(written)
    assert word in refusal(file=file).message
    assert word in refusal(command=f"cat '{file}'").message


def test_a_control_character_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DESK_PASSWORD", f"{CANARY}\tx")
    assert "control" in refusal(environment="DESK_PASSWORD").message


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (f"echo {CANARY}; echo {CANARY} >&2; exit 3", "exit status 3"),
        (f"echo {CANARY}; kill -9 $$", "signal 9"),
        ("/nonexistent/program", "exit status 127"),
        ("nul\0", "ValueError"),
    ],
)
def test_a_command_that_fails_is_one_sentence(command: str, word: str, capfd: pytest.CaptureFixture[str]):
    """What it says on its error stream goes nowhere: some programs repeat the secret there."""
    assert word in refusal(command=command).message
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "command",
    [
        f"echo {CANARY}; exec sleep 600",
        f"echo {CANARY}; sleep 600 & echo",
        f"echo {CANARY}; exec >&-; exec sleep 600",
    ],
    ids=["itself", "a child holds the pipe", "the pipe is closed"],
)
def test_a_slow_command_is_ended_with_all_it_started(command: str, tmp_path: Path):
    marked = f"echo $$ > {tmp_path}/pid; {command}"
    assert "0.5 seconds" in refusal(command=marked, patience=0.5).message
    group = int((tmp_path / "pid").read_text())
    assert not _lives(group)


def _lives(group: int) -> bool:
    """Whether a process of the group still runs; one that ended and waits for its parent does not."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, fields = entry.read_text().rpartition(")")
        except OSError:
            continue
        state, _, of = fields.split()[:3]
        if int(of) == group and state != "Z":
            return True
    return False


def test_endless_output_is_refused_and_ended():
    assert "longer" in refusal(command="yes").message


def test_a_secret_shows_itself_nowhere():
    secret = Secret(CANARY)
    assert CANARY not in f"{secret!r} {secret} {[secret]}"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
