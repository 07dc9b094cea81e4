"""What a store may be, what it may not be, and what happens to the file that is not one."""

import grp
import json
import os
import pwd
import random
import shutil
import sqlite3
import stat
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Result, Shell
from tests.soak.states import is_whole

pytestmark = pytest.mark.long

READ = ("list", "--all")
WRITE = ("new", "Words", "-m", "More.")
DOOR = pytest.mark.parametrize(
    "words", [READ, WRITE, ("note", "1", "-m", "x"), ("doctor",)], ids=lambda w: w[0]
)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _beside(desk: Shell) -> set[str]:
    """What else lies in the store's folder."""
    return {path.name for path in desk.folder.iterdir()} - {"home", desk.store.name}


def _refused(desk: Shell, *words: str, code: int) -> Result:
    """Refused with one sentence (and a hint), as an object with --json, and no byte of the file changed."""
    before = desk.store.read_bytes() if desk.store.is_file() else None
    beside = _beside(desk)
    result = desk.tix(*words, check=code)
    assert result.raw_out == b""
    sentences = result.err.splitlines()
    assert sentences[0].startswith("tix: "), str(result)
    assert all(line.startswith(("  hint: ", "  your text")) for line in sentences[1:])
    assert "Traceback" not in result.err
    error = desk.tix(*words, "--json", check=code).error
    assert error["exit"] == code
    assert error["message"] == sentences[0].removeprefix("tix: ")
    if before is not None:
        assert desk.store.read_bytes() == before
    assert _beside(desk) == beside
    return result


# ------------------------------------------------------------------------------- what is not a tix store


def _text(path: Path) -> None:
    path.write_text("Dear diary,\n" * 100)


def _short_text(path: Path) -> None:
    path.write_text("x")


def _empty(path: Path) -> None:
    path.touch()


def _noise(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(8192))


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(4096))


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ticket (id INTEGER PRIMARY KEY, subject TEXT)")


def _empty_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")


def _folder(path: Path) -> None:
    path.mkdir()


def _full_folder(path: Path) -> None:
    path.mkdir()
    (path / "desk.db").write_text("no")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def _loop(path: Path) -> None:
    path.symlink_to(path)


@DOOR
@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (_text, {8}),
        (_short_text, {8}),
        (_empty, {8}),
        (_noise, {8}),
        (_zeros, {8}),
        (_foreign, {8}),
        (_empty_database, {8}),
        (_folder, {8}),
        (_full_folder, {8}),
        (_pipe, {8}),
        (_dangling, {7, 8}),
        (_loop, {7, 8}),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_what_is_no_store_is_refused_untouched(
    desk: Shell, make: Callable[[Path], None], codes: set[int], words: tuple[str, ...]
) -> None:
    """A file that is not ours is neither read as a desk nor taken for a new one; not one byte changes."""
    make(desk.store)
    code = desk.tix(*words, check=None).code
    assert code in codes
    _refused(desk, *words, code=code)
    if make is _dangling:
        assert not (desk.folder / "nowhere").exists()


@DOOR
@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full", "/dev/random"])
def test_a_device_is_no_store(desk: Shell, device: str, words: tuple[str, ...]) -> None:
    desk.env["TIX_STORE"] = device
    error = desk.tix(*words, "--json", check=8).error
    assert error["exit"] == 8
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert not Path(f"{device}-journal").exists()


@DOOR
def test_a_newer_store_is_refused_untouched(desk: Shell, words: tuple[str, ...]) -> None:
    desk.tix(*WRITE)
    with closing(sqlite3.connect(desk.store)) as connection:
        connection.execute("PRAGMA user_version=99")
    result = _refused(desk, *words, code=8)
    assert "newer" in result.err
    assert "hint: upgrade" in result.err


def test_a_store_of_format_zero_or_another_application_is_foreign(desk: Shell) -> None:
    desk.tix(*WRITE)
    with closing(sqlite3.connect(desk.store)) as connection:
        connection.execute("PRAGMA application_id=252006673")
    _refused(desk, *READ, code=8)
    _refused(desk, *WRITE, code=8)


def _cuts() -> list[int]:
    pages = [
        0,
        1,
        15,
        16,
        59,
        63,
        72,
        99,
        100,
        101,
        512,
        1023,
        4095,
        4096,
        4097,
        8192,
        12_288,
        20_480,
        40_960,
    ]
    return [*pages, 65_536, 100_001, 131_072, -8192, -4096, -1]


@pytest.mark.parametrize("cut", _cuts())
def test_a_truncated_store_is_refused_or_read_but_never_made_worse(desk: Shell, cut: int) -> None:
    """However much is missing: exit 8 and a sentence for whoever writes or asks the doctor; no traceback."""
    desk.tix(*WRITE)
    whole = desk.store.read_bytes()
    desk.store.write_bytes(whole[:cut])
    before = desk.store.read_bytes()
    for words in (READ, ("show", "1"), ("search", "words"), ("doctor",), ("note", "1", "-m", "x"), WRITE):
        result = desk.tix(*words, check=None)
        assert result.code in {0, 8}, str(result)
        assert "Traceback" not in result.err
        if result.code == 8 and words[0] != "doctor":
            assert result.err.startswith("tix: "), str(result)
    assert desk.tix("doctor", check=None).code == 8
    assert desk.tix(*WRITE, check=None).code == 8
    assert desk.store.read_bytes() == before
    assert _beside(desk) <= {"desk.db-journal"}


def test_a_damaged_page_is_found_by_the_doctor(desk: Shell) -> None:
    """Noise over any one page: nothing says it is a bug, and the doctor says which desk is ill."""
    desk.tix(*WRITE)
    desk.tix("note", "1", "-m", "words " * 2000)
    whole = desk.store.read_bytes()
    chance = random.Random(7)
    for page in chance.sample(range(1, len(whole) // 4096), 12):
        desk.store.write_bytes(whole[: page * 4096] + chance.randbytes(4096) + whole[(page + 1) * 4096 :])
        desk.tix("doctor", check=8)
        for words in (READ, ("show", "1"), ("search", "words"), WRITE, ("delete", "1", "--yes")):
            result = desk.tix(*words, check=None)
            assert result.code in {0, 8}, f"page {page}\n{result}"


def test_a_damage_met_while_rows_are_fetched_is_a_damage(desk: Shell) -> None:
    """Not only one met by the first step of a statement."""
    source = desk.folder / "tickets.csv"
    source.write_text("subject,message\n" + "".join(f"Ticket {n} {'x' * 150},Words.\n" for n in range(600)))
    desk.tix("import", source)
    whole = desk.store.read_bytes()
    with closing(sqlite3.connect(desk.store)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ticket'").fetchone()
    kept = set(range(root + 3))
    pages = (whole[at : at + 4096] for at in range(0, len(whole), 4096))
    desk.store.write_bytes(b"".join(p if at in kept else b"\xff" * 4096 for at, p in enumerate(pages)))
    for words in (("list", "--all"), ("export",), ("log",), ("show", "500"), ("list", "--all", "--json")):
        result = desk.tix(*words, check=8)
        assert "damaged" in result.err, str(result)


def test_a_lying_header_does_not_crash(desk: Shell) -> None:
    """A header of ours before nothing of ours."""
    desk.tix(*WRITE)
    head = desk.store.read_bytes()[:100]
    for rest in (b"", bytes(4096), random.Random(2).randbytes(40_000)):
        desk.store.write_bytes(head + rest)
        _refused(desk, *READ, code=8)
        _refused(desk, *WRITE, code=8)
    desk.store.write_bytes(head[:16] + struct.pack(">H", 7) + head[18:] + bytes(8192))
    _refused(desk, *READ, code=8)


# -------------------------------------------------------------------------------------- where it may lie


@pytest.mark.parametrize("how", ["flag", "variable", "config"])
@DOOR
def test_a_store_in_no_folder_is_a_wrong_path(desk: Shell, how: str, words: tuple[str, ...]) -> None:
    """A typo must not become a second desk."""
    path = desk.folder / "typo" / "desk.db"
    if how == "flag":
        words = ("--store", str(path), *words)
    elif how == "variable":
        desk.env["TIX_STORE"] = str(path)
    else:
        del desk.env["TIX_STORE"]
        config = desk.home / ".config" / "tix" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f"store = {json.dumps(str(path))}\n")
    error = desk.tix(*words, "--json", check=2).error
    assert error["exit"] == 2
    assert error["hint"]
    assert not path.parent.exists()


def test_an_empty_variable_names_nothing(desk: Shell) -> None:
    """TIX_STORE="" is as if it were not set: the folder of the user's data."""
    desk.env["TIX_STORE"] = ""
    desk.tix(*WRITE)
    store = desk.home / ".local" / "share" / "tix" / "desk.db"
    assert store.is_file()
    assert _mode(store) == 0o600
    assert _mode(store.parent) == 0o700


def test_a_path_through_a_file_is_a_wrong_path(desk: Shell) -> None:
    (desk.folder / "file").touch()
    for path in ("file/desk.db", "file/", "x" * 300 + "/desk.db"):
        desk.env["TIX_STORE"] = str(desk.folder / path)
        assert desk.tix(*READ, "--json", check=None).error["exit"] in {2, 7, 8}


@pytest.mark.parametrize(
    "name", ["y" * 250, "a?mode=ro", "100%41.db", "a#b.db", " .db", "ñ€.db", "-v.db", "a\nb.db"]
)
def test_an_odd_name_is_the_name_of_the_file(desk: Shell, name: str) -> None:
    """Nothing in a path means anything to SQLite's URIs."""
    desk.env["TIX_STORE"] = str(desk.folder / name)
    result = desk.tix(*WRITE, check=None)
    if len(name) > 200:
        assert result.code in {0, 7}
        return
    assert result.code == 0
    assert (desk.folder / name).is_file()
    assert len(desk.tix(*READ).rows) == 1


def test_a_link_to_a_store_is_the_store(desk: Shell) -> None:
    desk.tix(*WRITE)
    link = desk.folder / "link.db"
    link.symlink_to(desk.store)
    desk.env["TIX_STORE"] = str(link)
    desk.tix("note", "1", "-m", "Through the link.")
    assert link.is_symlink()
    assert is_whole(desk.store)


# ------------------------------------------------------------------------------------------- the making


def test_the_first_write_makes_the_store_for_its_owner_alone(desk: Shell) -> None:
    """0600, whatever the umask, and one line about it."""
    desk.run("sh", "-c", 'umask 000; exec "$@"', "sh", *_tix(*WRITE))
    assert _mode(desk.store) == 0o600
    assert not _beside(desk)
    assert desk.tix("whoami", "--json").json["role"] == "admin"


def test_the_first_write_says_so_in_one_line(desk: Shell) -> None:
    first = desk.tix(*WRITE)
    assert len(first.err.splitlines()) == 1
    assert str(desk.store) in first.err
    assert desk.tix(*WRITE).err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("new", "", "-m", "x"),
        ("new", "S", "-m", ""),
        ("new", "S"),
        ("new", "S", "-m", "x", "--type", "nonsense"),
        ("new", "S", "-m", "x", "--priority", "nonsense"),
        ("new", "S", "-m", "x", "--assign", "nobody-here"),
        ("new", "S", "-m", "x", "--attach", "/no/such/file"),
        ("new", "S", "-m", "x", "--due", "never ever"),
        ("note", "1", "-m", "x"),
        ("close", "1"),
        ("delete", "1", "--yes"),
        ("edit", "1", "--subject", "x"),
        ("assign", "1", "@me"),
        ("rate", "1", "5"),
        ("config", "set", "nonsense", "x"),
        ("user", "add", "12"),
        ("init", "--prefix", "not a prefix"),
        ("init", "--workflow", "nonsense"),
        ("init", "--group", "no-such-group-here"),
        ("--as", "bob", "new", "S", "-m", "x"),
    ],
    ids=" ".join,
)
def test_a_first_command_that_fails_leaves_no_file(desk: Shell, words: tuple[str, ...]) -> None:
    result = desk.tix(*words, check=None)
    assert result.code in {2, 3, 4, 5}, str(result)
    assert not desk.store.exists()
    assert not _beside(desk)


def test_a_read_without_a_store_is_an_empty_desk(desk: Shell) -> None:
    """It answers, says so on stderr, and makes nothing."""
    listed = desk.tix("list", "--json")
    assert listed.json == []
    assert "tix new" in listed.err
    for words in (("search", "x"), ("log",), ("user", "list"), ("config", "list"), ("whoami",), ("doctor",)):
        desk.tix(*words)
    assert desk.tix("show", "1", check=3).err
    assert not desk.store.exists()
    assert not _beside(desk)


def test_two_first_commands_at_once_make_one_desk(desk: Shell) -> None:
    """Whoever comes second finds the desk there: both tickets are in it, numbered without a gap."""
    for _ in range(4):
        desk.store.unlink(missing_ok=True)
        racing = [desk.start("new", f"Ticket {at}", "-m", "x") for at in range(4)]
        answers = [process.communicate() for process in racing]
        assert [process.returncode for process in racing] == [0] * 4, answers
        assert sorted(out.decode().strip() for out, _ in answers) == ["TIX-1", "TIX-2", "TIX-3", "TIX-4"]
        assert sum(b"Created a desk" in err for _, err in answers) == 1
        assert sorted(desk.tix("list", "-c", "subject").lines) == [f"Ticket {at}" for at in range(4)]
        assert not _beside(desk)


def test_two_inits_at_once_make_one_desk(desk: Shell) -> None:
    racing = [desk.start("init", "--prefix", f"P{at}-") for at in range(4)]
    answers = [process.communicate() for process in racing]
    assert sorted(process.returncode for process in racing) == [0, 5, 5, 5], answers
    assert not _beside(desk)
    assert is_whole(desk.store)


def test_init_refuses_what_is_there(desk: Shell) -> None:
    """A desk, a file, a folder, a dangling link: nothing is touched."""
    desk.tix("init", "--prefix", "ABC-")
    _refused(desk, "init", code=5)
    desk.store.unlink()
    for make in (_text, _empty, _folder, _dangling, _pipe):
        make(desk.store)
        _refused(desk, "init", code=5)
        desk.store.rmdir() if make is _folder else desk.store.unlink()


def test_init_makes_what_the_flags_say(desk: Shell) -> None:
    made = desk.tix("init", "--prefix", "ABC-", "--workflow", "helpdesk", "--json").json
    assert (made["path"], made["prefix"], made["workflow"]) == (str(desk.store), "ABC-", "helpdesk")
    assert _mode(desk.store) == 0o600
    assert desk.tix(*WRITE).ref == "ABC-1"
    assert desk.tix("show", "1", "--json").json["status"] == "opened"


def test_init_for_a_group_shares_folder_and_file(desk: Shell) -> None:
    """2770 and 0660 of that group, so that several people share one; what SQLite adds is theirs, too."""
    if os.geteuid() != 0:
        group = grp.getgrgid(os.getegid()).gr_name
    else:
        group = next(entry.gr_name for entry in grp.getgrall() if entry.gr_gid not in {0, os.getegid()})
    folder = desk.folder / "shared"
    folder.mkdir(mode=0o700)
    desk.env["TIX_STORE"] = str(folder / "desk.db")
    desk.tix("init", "--group", group)
    number = grp.getgrnam(group).gr_gid
    assert (_mode(folder), folder.stat().st_gid) == (0o2770, number)
    for _ in range(2):
        assert (_mode(folder / "desk.db"), (folder / "desk.db").stat().st_gid) == (0o660, number)
        desk.tix(*WRITE)
    desk.tix("db", "backup", folder / "copy.db")
    assert _mode(folder / "copy.db") == 0o600
    desk.tix("db", "restore", folder / "copy.db")
    assert (_mode(folder / "desk.db"), (folder / "desk.db").stat().st_gid) == (0o660, number)


def test_init_for_a_group_leaves_a_folder_in_use_alone(desk: Shell) -> None:
    """The group could write everywhere in it."""
    folder = desk.folder / "busy"
    folder.mkdir(mode=0o700)
    (folder / "diary.txt").write_text("private")
    desk.env["TIX_STORE"] = str(folder / "desk.db")
    group = grp.getgrall()[-1].gr_name
    desk.tix("init", "--group", group, check=5)
    assert _mode(folder) == 0o700
    assert [path.name for path in folder.iterdir()] == ["diary.txt"]


# ---------------------------------------------------------------------------- what may not be written to


class Plain:
    """A desk whose owner is not root, because nothing is read-only for root."""

    def __init__(self, folder: Path) -> None:
        self.desk = Shell(folder)
        self.prefix: tuple[str, ...] = ()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.prefix = (
                "setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--",
            )  # fmt: skip
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def tix(self, *words: str, check: int | None = 0) -> Result:
        return self.desk.run(*self.prefix, *_tix(*words), check=check)


@pytest.fixture
def plain() -> Iterator[Plain]:
    """In a folder that everybody can reach, unlike pytest's."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip(
            "running as root, to whom nothing is read-only, and there is no setpriv to become another"
        )
    folder = Path(tempfile.mkdtemp(prefix="tix-plain-", dir="/tmp"))
    plain = Plain(folder)
    if plain.desk.run(*plain.prefix, *_tix("--version"), check=None).code != 0:
        shutil.rmtree(folder)
        pytest.skip("another user cannot run this installation of tix")
    yield plain
    plain.desk.close()
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_file_can_be_read(plain: Plain) -> None:
    """Reads go on; a write is exit 7 and a sentence, and keeps the text."""
    desk = plain.desk
    plain.tix(*WRITE)
    desk.store.chmod(0o400)
    before = desk.store.read_bytes()
    assert plain.tix("show", "1", "--json").json["subject"] == "Words"
    assert len(plain.tix(*READ).rows) == 1
    failed = plain.tix("note", "1", "-m", "A long text.", check=7)
    assert "read-only" in failed.err
    assert "your text is saved: " in failed.err
    assert desk.store.read_bytes() == before


def test_a_read_only_folder_can_be_read(plain: Plain) -> None:
    """Where no journal can be made nothing can be written."""
    desk = plain.desk
    plain.tix(*WRITE)
    desk.folder.chmod(0o500)
    before = desk.store.read_bytes()
    assert plain.tix("show", "1", "--json").json["subject"] == "Words"
    plain.tix("note", "1", "-m", "A long text.", check=7)
    assert desk.store.read_bytes() == before
    desk.store.unlink()
    assert "tix: " in plain.tix(*WRITE, check=7).err


def test_a_store_one_may_not_read_says_so(plain: Plain) -> None:
    plain.tix(*WRITE)
    plain.desk.store.chmod(0o000)
    assert "ermission" in plain.tix(*READ, check=7).err
    assert "ermission" in plain.tix(*WRITE, check=7).err


@pytest.fixture
def mounted(desk: Shell) -> Iterator[Path]:
    """A file system of one megabyte."""
    where = desk.folder / "mounted"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(where)],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"may not mount here: {done.stderr.decode().strip()}")
    desk.env["TIX_STORE"] = str(where / "desk.db")
    yield where
    subprocess.run(["umount", "--lazy", str(where)], check=True)


@pytest.mark.real
def test_a_read_only_mount_can_be_read(desk: Shell, mounted: Path) -> None:
    desk.tix(*WRITE)
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    assert len(desk.tix(*READ).rows) == 1
    assert desk.tix("note", "1", "-m", "x", "--json", check=7).error["code"] == "storage"
    desk.env["TIX_STORE"] = str(mounted / "other.db")
    assert desk.tix(*WRITE, "--json", check=7).error["code"] == "storage"


@pytest.mark.real
def test_a_full_disk_takes_nothing_and_loses_nothing(desk: Shell, mounted: Path) -> None:
    """Write until it is full: exit 7, the text kept elsewhere, the store whole, reads go on, room helps."""
    desk.tix(*WRITE)
    ballast = mounted / "ballast"
    ballast.write_bytes(bytes(100_000))
    text = desk.folder / "text"
    text.write_text("words and words " * 6000)
    written = 0
    while (result := desk.tix("note", "1", "-F", text, check=None)).code == 0:
        written += 1
    assert result.code == 7, str(result)
    assert "full" in result.err
    assert is_whole(mounted / "desk.db")
    assert len(desk.tix("show", "1", "--json").json["thread"]) == 1 + written
    piped = desk.tix("note", "1", stdin="typed for an hour " * 9000, check=7)
    saved = Path(piped.err.split("your text is saved: ")[1].strip())
    assert saved.read_text() == "typed for an hour " * 9000
    ballast.unlink()
    desk.tix("note", "1", "-m", "There is room again.")
    desk.tix("doctor")


@pytest.mark.real
def test_a_desk_is_not_half_made_on_a_full_disk(desk: Shell, mounted: Path) -> None:
    """The first write with too little room leaves no file, and says why."""
    for room in (0, 4096, 65_536, 150_000, 200_000):
        filler = mounted / "filler"
        filler.unlink(missing_ok=True)
        free = shutil.disk_usage(mounted).free
        filler.write_bytes(bytes(max(0, free - room)))
        assert desk.tix(*WRITE, "--json", check=7).error["code"] == "storage"
        assert {path.name for path in mounted.iterdir()} == {"filler"}
    filler.unlink()
    desk.tix(*WRITE)


def _tix(*words: str) -> tuple[str, ...]:
    from tests.harness import TIX

    return (*TIX, *words)
