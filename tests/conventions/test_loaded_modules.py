"""What a command loads is what it costs: the heavy libraries stay out of everything a person waits for.

Each command runs in a process of its own and tells at its end which modules it has loaded. These processes are
forked from one that has loaded what every command does, `tix.cli.main`, and has done nothing yet: an interpreter
started anew has the same modules, after eight times as long. A command that is in the table of commands and not
in the story below fails the first test.
"""

import sys
from typing import NamedTuple

import pytest

from tests.harness import Shell
from tix.cli.commands import ALIASES, COMMANDS, HIDDEN

# SQLModel costs some 300 ms, questionary 100, package metadata 30, platformdirs 14.
HEAVY = {
    "alembic",
    "fontTools",
    "fpdf",
    "PIL",
    "importlib.metadata",
    "platformdirs",
    "pydantic",
    "questionary",
    "sqlalchemy",
    "sqlmodel",
}
# Only where progress is shown: 35 ms.
DRAWING = {"rich"}

_TELL = """
import sys
from tix.cli.main import main
told, sys.argv = sys.argv[1], ["tix", *sys.argv[2:]]
try:
    code = main()
finally:
    with open(told, "w") as file:
        file.write("\\n".join(sys.modules))
sys.exit(code)
"""


# Reads commands, one a line, each after who types it and a tab; forks for each, and writes its modules to a file.
_TELL_EACH = """
import os, sys
from tix.cli.main import main
for place, line in enumerate(sys.stdin.read().splitlines()):
    who, _, words = line.partition("\t")
    child = os.fork()
    if child:
        if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            sys.exit(f"{words}: {code}")
        continue
    if who:
        os.environ["TIX_USER"] = who
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = main(words.split())
    with open(f"modules-{place}", "w") as file:
        file.write("\\n".join(sys.modules))
    os._exit(code)
"""


class Step(NamedTuple):
    """One command of the story, and who types it."""

    words: str
    as_: str | None = None


STORY = [
    Step("--help"),
    Step("help dates"),
    Step("--version"),
    Step("init"),
    Step("user add sam --role agent --name Sam"),
    Step("user add lan --role requester --name Lan"),
    Step("new Printer -m smoke"),
    Step("new Screen -m dark --for lan", "sam"),
    Step("new Cable -m loose", "lan"),
    Step("list"),
    Step("list --json"),
    Step("list --count"),
    Step("ls"),
    Step("show 1"),
    Step("show 1 --json"),
    Step("show 1 --as-requester"),
    Step("reply 2 -m look", "sam"),
    Step("reply 2 -m no", "lan"),
    Step("note 2 -m aha", "sam"),
    Step("assign 2 sam"),
    Step("claim 1", "sam"),
    Step("edit 2 --priority high", "sam"),
    Step("start 2", "sam"),
    Step("hold 2", "sam"),
    Step("resolve 2 -m done", "sam"),
    Step("rate 2 4", "lan"),
    Step("reopen 2", "lan"),
    Step("close 2", "sam"),
    Step("search printer"),
    Step("search printer --json"),
    Step("follow 1", "sam"),
    Step("link 1 relates 2", "sam"),
    Step("unlink 1 relates 2", "sam"),
    Step("snooze 1 --until +3d", "sam"),
    Step("merge 3 --into 1 --yes"),
    Step("unmerge 3"),
    Step("attach list 1"),
    Step("log"),
    Step("log 1"),
    Step("inbox"),
    Step("time add 1 25m"),
    Step("time start 2", "sam"),
    Step("time timers"),
    Step("time stop 2 --discard", "sam"),
    Step("reply 1 -m look --time 5m", "sam"),
    Step("time list"),
    Step("client add Payer --rate 90"),
    Step("edit 1 --client Payer"),
    Step("invoice create 1"),
    Step("invoice show 1"),
    Step("invoice export 1"),
    Step("invoice export 1 -o html"),
    Step("invoice export 1 -o csv"),
    Step("invoice void 1"),
    Step("why 1"),
    Step("stats"),
    Step("export"),
    Step("delete 3 --yes"),
    Step("tick"),
    Step("date next friday"),
    Step("draft list"),
    Step("prime"),
    Step("schema list"),
    Step("schema --index"),
    Step("whoami"),
    Step("config list"),
    Step("config get prefix"),
    Step("alias list"),
    Step("workflow list"),
    Step("workflow show standard"),
    Step("db path"),
    Step("completion bash"),
    Step("__complete show"),
    *(Step(f"{noun} list") for noun in (
        "asset", "calendar", "canned", "client", "department", "invoice", "notification", "priority",
        "schedule", "sla", "team", "token", "topic", "type", "user", "view",
    )),
    Step("user show sam"),
    Step("client add Acme"),
    Step("client show Acme"),
    Step("team add night --member sam"),
    Step("team show night"),
    Step("department add Front --member sam"),
    Step("department show Front"),
    Step("topic add Help/Printer --department Front"),
    Step("topic field add Help brand --kind choice --choices North,South"),
    Step("topic field list Help/Printer"),
    Step("topic show Help/Printer"),
    Step("sla show sev-a"),
    Step("calendar add Days --hours 9-17"),
    Step("calendar show Days"),
    Step("asset add PC --client Acme"),
    Step("asset show PC"),
    Step("type show issue"),
    Step("priority show low"),
    Step("new Jam -m x --topic help/printer --field brand=north --asset pc"),
    Step("list --department front --client acme --topic help --asset PC --field brand=north"),
    Step("view add hot -p high -c ref"),
    Step("view show hot"),
    Step("view use none"),
    Step("list --view hot --mine"),
    Step("canned add hi -m hello"),
    Step("reply 1 --canned hi", "sam"),
    Step("list -c ref,field.brand --sort field.brand"),
    Step("edit 4 --sla sev-a --field brand=South", "sam"),
    Step("assign 4 team:night", "sam"),
    Step("why 4"),
]  # fmt: skip

# Adding, editing and removing a noun may go through a session.
NOUN_CHANGES = {"add", "edit", "rm"}

# Where the operating system keeps a person's files is what these are about.
PLACES = {"config list": {"platformdirs"}, "delete 3 --yes": {"platformdirs"}}

# Parts of tix that these commands have no use for: how events read, types of files, editing, merging.
NEEDLESS = {
    "list": {"tix.desk.tickets", "tix.domain.search", "tix.render.event_phrases"},
    "show 1": {"tix.desk.notifications", "tix.render.event_phrases"},
    "reply 2 -m look": {
        "tix.domain.files.attachments",
        "tix.domain.tickets.edit",
        "tix.domain.tickets.merge",
        "tix.render.event_phrases",
    },
    "note 2 -m aha": {
        "tix.domain.files.attachments",
        "tix.domain.tickets.edit",
        "tix.domain.tickets.merge",
        "tix.render.event_phrases",
    },
}

# Commands nobody waits for at a keyboard, with the reason why they may load what they like.
SLOW = {
    "demo": "fills a whole desk",
    "doctor": "looks at everything once",
    "login": "asks a server",
    "logout": "is typed once",
    "import": "reads files for seconds or minutes",
    "mail": "talks to servers",
    "mcp": "runs as long as its client",
    "report": "is read, not waited for",
    "serve": "runs for days",
    "split": "needs entries by id; its parts are those of merge",
    "triage": "is one long conversation",
    "apply": "runs other commands",
    "undo": "takes back what the commands above did",
    "redo": "does again what undo took back",
}


def _verb(step: Step) -> str:
    return step.words.split()[0]


KNOWN = {*COMMANDS, *HIDDEN, *ALIASES, "--help", "--version"}
HERE = [step for step in STORY if _verb(step) in KNOWN]


def _loaded(desk: Shell, steps: list[Step]) -> list[set[str]]:
    """The modules loaded at the end of each command; all of them have to succeed."""
    loaded = []
    for some in (steps[first : first + 20] for first in range(0, len(steps), 20)):
        typed = "".join(f"{step.as_ or ''}\t{step.words}\n" for step in some)
        desk.run(sys.executable, "-c", _TELL_EACH, stdin=typed)
        loaded += [set((desk.folder / f"modules-{place}").read_text().split()) for place in range(len(some))]
    return loaded


FORKED_AND_STARTED = [Step("list"), Step("reply 1 -m look"), Step("show 1 --json")]


def test_the_story_has_every_command():
    assert {name for name, (_, line) in COMMANDS.items() if line} <= {_verb(step) for step in STORY} | set(
        SLOW
    )


def test_no_command_loads_what_it_does_not_need(desk: Shell):
    """On pipes neither the ORM nor questions nor drawing are loaded by anything a person waits for."""
    found = {}
    for step, loaded in zip(HERE, _loaded(desk, HERE), strict=True):
        may = HEAVY if NOUN_CHANGES & set(step.words.split()[1:2]) else PLACES.get(step.words, set())
        assert "tix.cli.main" in loaded
        if guilty := loaded & (HEAVY | DRAWING | NEEDLESS.get(step.words, set())) - may:
            found[step.words] = guilty
    assert NEEDLESS.keys() <= {step.words for step in HERE}
    assert found == {}


def test_what_a_command_loads_is_seen(desk: Shell):
    """Control: a command that has something heavy besides."""
    desk.tix("new", "Printer", "-m", "smoke")
    told = desk.folder / "modules"
    desk.run(sys.executable, "-c", f"import questionary, rich\n{_TELL}", told, "list")
    assert set(told.read_text().split()) & (HEAVY | DRAWING) >= {"questionary", "rich"}


@pytest.mark.parametrize("step", FORKED_AND_STARTED, ids=lambda step: step.words)
def test_a_fork_has_the_modules_of_a_start(desk: Shell, step: Step):
    """Control: an interpreter started anew ends with the same ones of ours and of the heavy ones."""
    desk.tix("new", "Printer", "-m", "smoke")
    told = desk.folder / "modules"
    desk.run(sys.executable, "-c", _TELL, told, *step.words.split())
    (forked,) = _loaded(desk, [step])
    assert forked == set(told.read_text().split())


@pytest.mark.parametrize("words", ["list", "show 1", "search printer", "log 1"])
def test_a_terminal_loads_nothing_heavier(desk: Shell, words: str):
    desk.tix("new", "Printer", "-m", "smoke")
    told = desk.folder / "modules"
    desk.terminal("-c", _TELL, told, *words.split(), program=(sys.executable,)).wait()
    loaded = set(told.read_text().split())
    assert "tix.render.terminal.tables" in loaded or "tix.render.terminal.timeline" in loaded
    assert loaded & (HEAVY | DRAWING) == set()
