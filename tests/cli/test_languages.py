"""Other languages on the terminal: German and Vietnamese words, the same bytes for programs."""

import re
import shlex
import subprocess
import sys

import pytest
from wcwidth import wcswidth

from tests.harness import Shell
from tix.cli.personal.language import spoken, wish

NOW = "2026-11-20T09:00:00Z"
ENGLISH = {"TIX_LANG": "en"}
GERMAN = {"TIX_LANG": "de"}
VIETNAMESE = {"TIX_LANG": "vi_VN.UTF-8"}


def on_terminal(desk: Shell, *words: object, columns: int = 80, env: dict[str, str], **how: object):
    return desk.tix(*words, env={"TIX_FORCE_TTY": str(columns), "NO_COLOR": "1", **env}, **how)


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    """A ticket with a thread, a closed one, an urgent one."""
    peopled.tix("new", "Printer is jammed", "-m", "It smokes.", as_="lan")
    peopled.tix("reply", 1, "-m", "Open tray 3.", as_="sam")
    peopled.tix("note", 1, "-m", "Old model.", as_="kim")
    peopled.tix("edit", 1, "-p", "high", "--tag", "vip", "--due", "2026-11-21T09:00:00Z", as_="sam")
    peopled.tix("new", "Screen is dark", "-m", "Black.", "-p", "urgent", as_="ana")
    peopled.tix("assign", 2, "kim", as_="sam")
    peopled.tix("new", "Cable", "-m", "Loose.", as_="ana")
    peopled.tix("close", 3, as_="sam")
    return peopled


# ----------------------------------------------------------------------------------------- what people read


def test_the_queue_in_german(desk: Shell):
    told = on_terminal(desk, "list", columns=120, env=GERMAN, as_="sam").out
    assert told.split()[:3] == ["TICKET", "STATUS", "PRIORITÄT"]
    assert "FÄLLIG" in told
    assert "in 1 Tag" in told
    assert "beantwortet" in told
    assert "dringend" in told
    assert "● unbeantwortet" in told


def test_the_queue_in_vietnamese(desk: Shell):
    told = on_terminal(desk, "list", columns=120, env=VIETNAMESE, as_="sam").out
    assert "TRẠNG THÁI  ƯU TIÊN" in told
    assert "1 ngày nữa" in told
    assert "đã trả lời" in told
    assert "● chưa trả lời" in told


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("env", [ENGLISH, GERMAN, VIETNAMESE], ids=["en", "de", "vi"])
@pytest.mark.parametrize(
    "words",
    [
        "list --all",
        "show 1",
        "log",
        "",
        "user list",
        "list -c ref,status,priority,due_at,created_at,requester",
    ],
)
def test_what_is_drawn_fits(desk: Shell, columns: int, env: dict[str, str], words: str):
    told = on_terminal(desk, *words.split(), columns=columns, env=env, as_="sam").out
    assert told.strip()
    assert [line for line in told.split("\n") if wcswidth(line) > columns] == []


def test_a_footer_counts(desk: Shell):
    assert "2 von 3 Tickets" in on_terminal(desk, "list", "--all", "--limit", 2, env=GERMAN, as_="sam").out
    assert "1 trên 3 phiếu" in on_terminal(desk, "list", "--all", "--limit", 1, env=VIETNAMESE, as_="sam").out


def test_a_ticket_in_german(desk: Shell):
    told = on_terminal(desk, "show", 1, env=GERMAN, as_="sam", now="2026-11-20T12:00:00Z").out
    for words in (
        "beantwortet · Priorität hoch · nicht zugewiesen",
        "Fällig        2026-11-21 09:00, in 21 Std.  (von Hand gesetzt)",
        "Fr. 20. Nov. 2026",
        "Lan (lan) · Anfragende · getippt von root · 09:00, vor 3 Std.",
        "Kim (kim) · Support · interne Notiz",
        "Status offen → beantwortet",
        "· 09:00 sam (getippt von root) hat das Feld „Priorität“ von mittel auf hoch",
        "hat das Schlagwort vip hinzugefügt",
        "It smokes.",
    ):
        assert words in told, words


def test_a_ticket_in_vietnamese(desk: Shell):
    told = on_terminal(desk, "show", 1, env=VIETNAMESE, as_="sam", now="2026-11-20T12:00:00Z").out
    for words in (
        "đã trả lời · ưu tiên cao · chưa giao",
        "Hạn            2026-11-21 09:00, 21 giờ nữa  (đặt bằng tay)",
        "Thứ Sáu, 20 thg 11, 2026",
        "Kim (kim) · nhóm hỗ trợ · ghi chú nội bộ",
        "sam (do root gõ) đã đổi mức ưu tiên từ trung bình sang cao",
    ):
        assert words in told, words


def test_what_a_desk_has_named_stays(desk: Shell):
    desk.tix("priority", "add", "soon", "--rank", "35")
    desk.tix("edit", 1, "-p", "soon", as_="sam")
    assert "Priorität soon" in on_terminal(desk, "show", 1, env=GERMAN, as_="sam").out


def test_the_first_screen(desk: Shell):
    told = on_terminal(desk, env=GERMAN, as_="kim").out
    assert "2 offen" in told
    assert "ein Ticket mit seinem Verlauf zeigen" in told


@pytest.mark.parametrize(
    ("words", "german", "vietnamese"),
    [
        ("reply 2 -m Yes", "Antwort auf TIX-2 gesendet; der Status ist jetzt beantwortet.", "Đã trả lời TIX-2; trạng thái hiện là đã trả lời."),
        ("resolve 2", "TIX-2: der Status ist jetzt gelöst.", "TIX-2: trạng thái hiện là đã giải quyết."),
        ("resolve 2 --dry-run", "nur eine Probe: TIX-2: der Status ist jetzt gelöst.", "chỉ là chạy thử: TIX-2: trạng thái hiện là đã giải quyết."),
        ("claim 1", "TIX-1 ist jetzt dir zugewiesen.", "Đã giao TIX-1 cho bạn."),
        ("edit 1 -p low", "TIX-1: Priorität hoch → niedrig.", "TIX-1: mức ưu tiên cao → thấp."),
        ("edit 1 -p high", "TIX-1: nichts zu ändern.", "TIX-1: không có gì để thay đổi."),
        ("note 1 -m x", "Interne Notiz zu TIX-1 hinzugefügt.", "Đã thêm ghi chú nội bộ vào TIX-1."),
        ("follow 1", "Du folgst jetzt TIX-1.", "Bạn hiện theo dõi TIX-1."),
        ("merge 2 --into 1 --yes", "TIX-2 mit TIX-1 zusammengeführt.", "Đã gộp TIX-2 vào TIX-1."),
    ],
)  # fmt: skip
def test_a_write_is_confirmed(desk: Shell, words: str, german: str, vietnamese: str):
    before = desk.store.read_bytes()
    assert german in on_terminal(desk, *words.split(), env=GERMAN, as_="sam").err
    for path in desk.store.parent.glob("desk.db*"):
        path.unlink()
    desk.store.write_bytes(before)
    assert vietnamese in on_terminal(desk, *words.split(), env=VIETNAMESE, as_="sam").err


@pytest.mark.parametrize(
    ("words", "as_", "german"),
    [
        ("show 99", "sam", "tix: kein Ticket TIX-99\n  Hinweis: tix list --all, oder tix search TEXT\n"),
        ("note 1 -m x", "lan", "tix: das können nur Agenten und Admins: Notizen schreiben (du bist lan und stellst Anfragen)\n"),
        ("delete 1 --yes", "sam", "tix: das können nur Admins: Tickets löschen (du bist sam, Agent)\n"),
        ("assign 1 nobody", "sam", "tix: keine Person namens „nobody“\n  Hinweis: bekannte Personen: "),
        ("list -p foo", "sam", "tix: „foo“ ist keine Priorität\n  Hinweis: möglich sind low, medium, high, urgent\n"),
        ("start 3", "sam", "tix: das geht nicht: TIX-3 beginnen; der Status ist geschlossen\n  Hinweis: möglich ist jetzt: "),
        ("reploy 1", "sam", "tix: „reploy“ ist kein Befehl\n  Hinweis: meintest du tix reply?\n"),
        ("show 1 --statsu", "sam", "tix: keine solche Option: --statsu\n"),
        ("list --client nope", "sam", "tix: nicht vorhanden: Kunde „nope“\n"),
        ("show x1", "sam", "tix: „x1“ bezeichnet kein Ticket\n"),
        ("new", "sam", "tix: kein Betreff angegeben\n"),
        ("rate 1 9", "lan", "tix: „9“ ist keine Bewertung\n"),
    ],
)  # fmt: skip
def test_a_failure_is_told(desk: Shell, words: str, as_: str, german: str):
    english = desk.tix(*words.split(), as_=as_, check=None)
    told = desk.tix(*words.split(), as_=as_, check=english.code, env=GERMAN)
    assert told.err.startswith(german)
    assert english.err.count("\n") == told.err.count("\n")
    json = desk.tix(*words.split(), "--json", as_=as_, check=english.code, env=GERMAN)
    assert json.raw_err == desk.tix(*words.split(), "--json", as_=as_, check=english.code).raw_err


def test_nothing_found_is_told(desk: Shell):
    desk.tix("close", "1-2", as_="sam")
    told = on_terminal(desk, env=GERMAN, as_="sam").out
    assert "Es gibt keine offenen Tickets." in told


def test_the_frame_of_the_help(desk: Shell):
    told = on_terminal(desk, "--help", env=GERMAN).out
    assert told.startswith("Ein Helpdesk im Terminal.\n\nAufruf: tix [OPTION…] COMMAND [ARGUMENT…]\n")
    assert "Tickets bearbeiten:" in told
    assert "reply    Antworte auf eine Anfrage." in told
    assert "Beispiele:\n" in on_terminal(desk, "help", "claim", env=GERMAN).out
    assert "Ví dụ:\n" in on_terminal(desk, "help", "claim", env=VIETNAMESE).out


def test_undo_says_what(desk: Shell):
    desk.tix("edit", 1, "-p", "low", as_="sam")
    told = on_terminal(desk, "undo", env=GERMAN, as_="sam").err
    assert told.startswith("edit von 1 Ticket rückgängig gemacht (2026-11-20 09:00).\n")
    assert "  TIX-1: hat das Feld „Priorität“ von niedrig auf hoch geändert" in told


def test_many_tickets_are_summed(desk: Shell):
    for number in range(7):
        desk.tix("new", f"n{number}", "-m", "x")
    told = on_terminal(desk, "edit", "1-9", "-p", "low", "--yes", env=GERMAN, as_="sam").err
    assert "9 Tickets geändert; tix undo macht es rückgängig." in told


def test_triage_in_german(desk: Shell):
    terminal = desk.terminal("triage", as_="sam", rows=50, env=GERMAN)
    terminal.expect("1 von 2 in der Warteschlange")
    terminal.expect("r antworten")
    terminal.expect("\n> ")
    terminal.send("e")
    terminal.expect("lösen? (Enter: ja, Esc: nein)")
    terminal.send("\r")
    terminal.expect("TIX-2: erledigt; gelöst, dringend, zugewiesen an kim.")
    terminal.expect("\n> ")
    terminal.send("p")
    terminal.expect("Priorität (urgent, high, medium, low):")
    terminal.send("low\r")
    terminal.expect("TIX-1: geändert; beantwortet, niedrig, nicht zugewiesen.")
    terminal.expect("\n> ")
    terminal.send("q")
    terminal.expect("1 erledigt, 1 geändert")
    terminal.wait()


@pytest.mark.parametrize(("answer", "code"), [("j", True), ("y", True), ("n", False), ("c", False)])
def test_yes_is_said_in_the_language_of_the_question(desk: Shell, answer: str, code: bool):
    terminal = desk.terminal("delete", 3, env=GERMAN)
    terminal.expect("[j/N]:")
    terminal.send(f"{answer}\r")
    terminal.wait(None)
    assert (desk.tix("show", 3, check=None).code == 3) is code


# -------------------------------------------------------------------------------------- what programs read

READS = [
    "list --all --json", "list --all -o jsonl", "list --all -o csv", "list --all -o tsv", "list --all -o md",
    "list --all -o ids", "list --all -o plain", "list --all", "list --count", "show 1", "show 1 --json", "show 1 -o plain", "log --json",
    "log -o plain", "user list --json", "user list -o csv", "workflow show standard --json", "stats --json",
    "undo --list --json", "whoami --json", "config list --json", "export", "schema list", "list --envelope",
    "list --all --template '{{ ref }} {{ created_at | ago }} {{ status }}\n'", "why 1 --json", "inbox --json",
]  # fmt: skip


@pytest.mark.parametrize("words", READS)
def test_what_programs_read_is_the_same_byte_for_byte(desk: Shell, words: str):
    argv = shlex.split(words)
    english = desk.tix(*argv, as_="sam", env=ENGLISH)
    for env in (GERMAN, VIETNAMESE):
        told = desk.tix(*argv, as_="sam", env=env)
        assert told.raw_out == english.raw_out
        assert told.raw_err == english.raw_err
    assert english.raw_out


WRITES = [
    "new Jam -m x --json", "reply 2 -m Yes --json", "resolve 2 --json", "edit 1 -p low --json", "claim 1 --json",
    "edit 1 -p low --dry-run --json", "note 1 -m x --json", "close 1 2 --json", "snooze 1 --until +3d --json", "merge 2 --into 1 --yes --json",
    "delete 2 --json", "reply 99 -m x --json", "new Jam -m x", "split 1 --json", "list --json=nope",
]  # fmt: skip


@pytest.mark.parametrize("words", WRITES)
def test_the_json_of_a_write_is_the_same_byte_for_byte(desk: Shell, words: str):
    before, told = desk.store.read_bytes(), []
    for env in (ENGLISH, GERMAN):
        for path in desk.store.parent.glob("desk.db*"):
            path.unlink()
        desk.store.write_bytes(before)
        done = desk.tix(*words.split(), env=env, check=None)
        uid = re.compile(rb'"uid": "[^"]+"')  # by chance
        told.append((done.code, uid.sub(b"", done.raw_out), done.raw_err))
    assert told[0] == told[1]


def test_what_is_stored_and_mailed_is_in_english(desk: Shell):
    """A language is of who reads, not of who writes."""
    desk.tix("edit", 1, "-p", "low", as_="sam", env=GERMAN)
    assert desk.tix("show", 1, "--json").json["thread"][-1]["event"]["new"] == "low"
    assert b"hat das" not in desk.store.read_bytes()


def test_a_reader_of_english_loads_no_catalogue(desk: Shell):
    tell = "import sys; from tix.cli.main import main; main(); sys.stderr.write('\\n'.join(sys.modules))"
    for language, is_loaded in (("en_GB.UTF-8", False), ("C", False), ("de_DE.UTF-8", True)):
        env = desk.environment(env={"TIX_FORCE_TTY": "80", "LC_ALL": "", "LANG": language})
        done = subprocess.run(
            [sys.executable, "-c", tell, "list"], env=env, capture_output=True, text=True, check=True
        )
        assert ("gettext" in done.stderr.split()) is is_loaded
        assert "babel" not in done.stderr.split()


# ---------------------------------------------------------------------------------------- which language


@pytest.mark.parametrize(
    ("setting", "environment", "language"),
    [
        (None, {}, None),
        (None, {"LANG": "de_DE.UTF-8"}, "de"),
        (None, {"LANG": "vi"}, "vi"),
        (None, {"LANG": "de_DE", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "de_DE", "LC_ALL": ""}, "de"),
        (None, {"LANG": "de_DE", "LC_MESSAGES": "vi_VN"}, "vi"),
        (None, {"LC_MESSAGES": "vi_VN", "LC_ALL": "de_AT@euro"}, "de"),
        (None, {"LC_CTYPE": "de_DE.UTF-8"}, None),
        (None, {"LANGUAGE": "de"}, None),
        (None, {"LANGUAGE": "fr:vi:de", "LANG": "en_US.UTF-8"}, "vi"),
        (None, {"LANGUAGE": "fr", "LANG": "de_DE.UTF-8"}, "de"),
        (None, {"LANGUAGE": "de", "LANG": "C.UTF-8"}, "en"),
        (None, {"LANGUAGE": "de", "LC_ALL": "POSIX"}, "en"),
        (None, {"TIX_LANG": "vi", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}, "vi"),
        (None, {"TIX_LANG": "", "LC_ALL": "de_DE.UTF-8"}, "de"),
        (None, {"TIX_LANG": "C", "LANG": "de_DE"}, "en"),
        (None, {"TIX_LANG": "xx", "LANG": "de_DE"}, "en"),
        (None, {"LANG": "xx_XX.UTF-8"}, "en"),
        (None, {"LANG": "Deutsch"}, "en"),
        ("de", {"TIX_LANG": "vi", "LANG": "C"}, "de"),
        ("en", {"LANG": "de_DE"}, "en"),
        ("auto", {"LANG": "de_DE"}, "de"),
    ],
)
def test_which_language(monkeypatch, setting, environment, language):
    for name in ("TIX_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    asked = wish(setting)
    assert (None if asked is None else asked.language) == language


@pytest.mark.parametrize("locale", ["", "_", ".UTF-8", "@", "de/../../etc", "\x00", "d" * 10_000, "ＤＥ"])
def test_a_name_that_is_no_locale(locale):
    assert spoken(locale) is None


def test_the_setting(desk: Shell):
    desk.tix("config", "set", "language", "de")
    assert "PRIORITÄT" in on_terminal(desk, "list", env={}).out
    desk.tix("config", "set", "language", "klingon", check=2)
    desk.tix("config", "unset", "language")
    assert "PRIORITY" in on_terminal(desk, "list", env={}).out


def test_a_locale_that_tix_does_not_have_is_english(desk: Shell):
    """Nothing is said of it but by doctor."""
    env = {"LC_ALL": "xx_XX.UTF-8"}
    told = desk.tix("list", "-o", "table", env=env)
    assert told.out.split()[0] == "REF"
    assert told.err == ""
    (finding,) = [one for one in desk.tix("doctor", "--json", env=env).json if one["name"] == "language"]
    assert finding["hint"].startswith("tix has no words of 'xx_XX.UTF-8'; use one of en, de, vi")
    (finding,) = [one for one in desk.tix("doctor", "--json", env=GERMAN).json if one["name"] == "language"]
    assert finding["hint"] is None


# ----------------------------------------------------------------------------------- from right to left

HEBREW = "\u05de\u05d3\u05e4\u05e1\u05ea"
ISOLATED = f"\u2068{HEBREW}\u2069"


@pytest.mark.parametrize("env", [ENGLISH, GERMAN], ids=["en", "de"])
def test_words_from_right_to_left_are_isolated(desk: Shell, env: dict[str, str]):
    desk.tix("edit", 1, "--subject", HEBREW, "--tag", HEBREW, as_="sam")
    for words in ("list", "show 1", "log 1"):
        told = on_terminal(desk, *words.split(), env=env, as_="sam").out
        assert HEBREW in told
        assert told.count("\u2068") == told.count("\u2069") > 0
        assert ISOLATED in told
    assert f"'{ISOLATED}'" in desk.tix("list", "-p", HEBREW, env=ENGLISH, check=2).err
    for words in ("list --json", "list -o plain", "list -o csv", "show 1 -o plain"):
        assert "\u2068" not in desk.tix(*words.split(), env=env, as_="sam").out


def test_an_isolate_of_somebody_passes_nowhere(desk: Shell):
    desk.tix("new", "a \u2067b", "-m", "c \u2068d", as_="lan")
    told = on_terminal(desk, "show", 4, env=ENGLISH, as_="sam").out
    assert "a \\u2067b" in told
    assert "c \\u2068d" in told
