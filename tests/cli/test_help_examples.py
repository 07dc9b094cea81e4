"""Every example in the help runs: those of the commands, and those of the topics, on a demo desk with more in it."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli import parser
from tix.cli.compiled_pages import PAGES
from tix.cli.help import prime
from tix.cli.pages.examples import examples
from tix.cli.pages.topics import topics

ROOT = Path(__file__).parents[2]
MAIL = "From: ana@hillside.example\nSubject: Dock\nMessage-ID: <1@x>\n\nIt is loose.\n"
STRANGER = (
    "From: who@else.example\nSubject: Offer\nMessage-ID: <2@x>\nAuto-Submitted: auto-generated\n\nBuy now.\n"
)
# Who types an example, where that is not the admin.
TYPED_BY = {"rate": "lan", "notification read": "sam", "time start": "sam"}
# Examples that are not run, because of what they need; that they can be read is looked at nevertheless.
UNRUN = {
    "tix new": "a terminal",
    "tix split 12": "a terminal",
    "tix draft send reply.12 -e": "an editor",
    "tix triage": "a terminal",
    "tix triage --unassigned --priority urgent": "a terminal",
    "tix triage --view night": "a terminal",
    "tix log --follow -o jsonl": "never ends",
    "tix log --follow --notify": "never ends",
    "tix stats --watch 60": "never ends",
    "tix edit 12 --editor": "an editor",
    "tix user password sam": "a terminal",
    "tix mail setup": "a terminal",
    "tix config edit": "an editor",
    "tix mail text edit created -e": "an editor",
    "tix serve": "never ends",
    "tix serve --host 0.0.0.0 --port 8642 --allow-host desk.example": "never ends",
    "tix serve --workers 2 --with-tick": "never ends",
    "tix login https://desk.example": "a server",
    "tix login https://desk.example --stdin < key.txt": "a server",
    "tix mail fetch": "a server",
    "tix mail send": "a server",
    "tix mail send --limit 20": "a server",
    "tix mail test": "a server",
    "tix mail test --send": "a server",
    "tix redo": "something undone",
    "tix alias rm mine": "an alias of one's own",
    "tix mcp --read-only": "an MCP client",
    "tix mcp --as sam": "an MCP client",
    "tix db accounts": "PostgreSQL",
    "tix db accounts --json": "PostgreSQL",
    "tix db grant lan": "PostgreSQL",
    "tix db grant lan --account lan_reports": "PostgreSQL",
    "tix db grant lan --dry-run": "PostgreSQL",
    "tix db revoke lan": "PostgreSQL",
}


def of_topics() -> Iterator[tuple[str, str]]:
    for name, page in topics().items():
        for line in re.findall(r"^    (.*)$", page, re.MULTILINE):
            yield f"help {name}", line


def of_agents() -> Iterator[tuple[str, str]]:
    """What AI agents are told: the lines of `tix prime`, of the skill and of AGENTS.md."""
    for line in re.findall(r"^    (tix .*)$", prime.page(None, ""), re.MULTILINE):
        yield "agents prime", line
    for page in (ROOT / "AGENTS.md", ROOT / "docs/agents.md", ROOT / "src/tix/skill/SKILL.md"):
        for block in re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                yield f"agents {page.name}", line


ALL = (
    [(name, line) for name, lines in examples().items() for line in lines]
    + list(of_topics())
    + list(of_agents())
)


def bare(line: str) -> str:
    """An example without its comment."""
    return re.sub(r"\s+# .*", "", line)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demo desk in which everything is that an example names, and its files."""
    folder = tmp_path_factory.mktemp("examples")
    desk = Shell(folder)
    (folder / "tmp").mkdir()
    desk.tix("demo", env={"TMPDIR": str(folder / "tmp")})
    [made] = folder.glob("tmp/*/desk.db")
    shutil.move(made, desk.store)
    write_files(folder)
    for number in range(9, 15):
        desk.tix("new", f"Dock {number}", "-m", "It is loose.", "--for", "lan", "--topic", "Hardware")
    desk.tix("new", "Dock 15", "-m", "The same.", "--for", "lan")
    for line in (
        "resolve 9 -m Fixed", "merge 15 --into 10 --yes", "link 11 relates 12", "attach add 11 offer.txt", "time start 11",
        "time add 12 25m", "time add 5 1h", "canned add thanks -m Thanks!", "view add night --unassigned", "user add max",
        "client add Old", "department add old", "team add old", "topic add Old", "sla add old --grace 1h",
        "calendar add old --hours 9-17", "asset add OLD-1", "type add old", "priority add old --rank 7", "token add nightly",
        "schedule add backup --subject Backup --every weekly -m Check", "notification mute changed", "time add 4 10m",
        "db backup backup.db", "client edit Hillside --rate 90.00 --currency EUR", "invoice create 4", "config set mail.from_address desk@demo.example",
        "export archive.jsonl --all",
    ):  # fmt: skip
        desk.tix(*shlex.split(line))
    text = desk.tix("workflow", "show", "dphish", "--toml").out
    (folder / "workflow.toml").write_text(text.replace("dphish", "mine"))
    (folder / "old.toml").write_text(text.replace("dphish", "old"))
    desk.tix("workflow", "add", "old.toml")
    desk.tix("mail", "in", stdin=STRANGER, check=None)
    desk.tix("edit", 13, "--tag", "dock")
    return folder


def write_files(folder: Path) -> None:
    for name in ("cur", "new"):
        (folder / "Maildir" / name).mkdir(parents=True)
    (folder / "Maildir/new/1").write_text(MAIL)
    (folder / "files").mkdir()
    for name, text in {
        "offer.txt": "90.00 EUR",
        "night.jsonl": '{"do": "new", "subject": "Night", "message": "x"}',
        "answer.txt": "Subject: {{ ticket.ref }}\n\nPlease restart it.\n",
        "mail.eml": MAIL,
        "newer.json": '[{"number": 7, "title": "Jam", "createdAt": "2026-01-05T10:00:00Z"}]',
        "tickets.csv": "title,priority\nDock,p1\n",
    }.items():
        (folder / name).write_text(text)


def run(desk: Shell, line: str, who: str | None) -> None:
    """Run an example without a shell: commands in a pipe one after another, `<` and `>` with a file, `||` not at all."""
    fed: str | bytes | None = None
    for part in line.partition(" || ")[0].split(" | "):
        words = shlex.split(part)
        if words[0] == "echo":
            fed = f"{words[1]}\n"
            continue
        for sign in "<>":
            if sign in words:
                place = words.index(sign)
                fed = (desk.folder / words[place + 1]).read_text() if sign == "<" else fed
                del words[place : place + 2]
        assert words.pop(0) == "tix"
        fed = desk.tix(
            *words, stdin=fed, as_=who, env={"TMPDIR": str(desk.folder), "BROWSER": "true"}
        ).raw_out


@pytest.mark.parametrize("name", sorted({name for name, _ in ALL}))
def test_the_examples_run(name: str, furnished: Path, tmp_path: Path):
    """Each on a desk of its own, with exit code 0."""
    for number, line in enumerate(bare(line) for of, line in ALL if of == name):
        if line not in UNRUN:
            folder = tmp_path / str(number)
            shutil.copytree(furnished, folder, ignore=shutil.ignore_patterns("home"))
            run(Shell(folder), with_ids(line, Shell(folder)), TYPED_BY.get(name))


def with_ids(line: str, desk: Shell) -> str:
    """An example with the ids that its desk has; one about drafts has a draft, one with a saved template has that."""
    if line.startswith("tix draft"):
        editor = desk.folder / "fails.sh"
        editor.write_text('#!/bin/sh\necho "Please restart it." > "$1"\nexit 1\n')
        editor.chmod(0o755)
        desk.tix("reply", 12, "-e", check=2, env={"TIX_EDITOR": str(editor)})
    if line.endswith("--template short"):
        desk.tix("config", "set", "templates.short", "{{ ref }}")
    if "--entry" in line:
        desk.tix("reply", 12, "-m", "One more.")
        replied = [
            one["id"] for one in desk.tix("show", 12, "--json").json["thread"] if one["kind"] == "reply"
        ]
        return line.replace("--entry 21", f"--entry {replied[-1]}")
    if line == "tix time rm 1":
        return f"tix time rm {desk.tix('time', 'list', 12, '--json').json[0]['id']}"
    if "--if-version" in line:
        return line.replace("--if-version 1", f"--if-version {desk.tix('show', 12, '-c', 'version').out}")
    return line


def test_every_command_has_examples():
    """Two to four; one where there is little to vary."""
    given = examples()
    assert given.keys() == {name for name in PAGES if name and not name.startswith(":")}
    assert {name: lines for name, lines in given.items() if not 1 <= len(lines) <= 4} == {}
    verbs = [name for name in given if " " not in name]
    assert len([name for name in verbs if len(given[name]) > 1]) > 0.8 * len(verbs)


def test_every_example_is_of_its_command():
    """Its line names the command it is about, or uses what the command made."""
    commands = [(name, line) for name, line in ALL if not name.startswith(("help ", "agents "))]
    assert len(commands) > 300
    assert [line for name, line in commands if f"tix {name.split()[0]}" not in line] == [
        "tix reply 12 --canned thanks",
        "tix list --view night",
    ]


def test_every_example_is_read_without_typer():
    lines = [bare(part) for _, line in ALL for part in re.split(r" \|\|? ", line)]
    words = [shlex.split(re.sub(r" [<>].*", "", line)) for line in lines if line.startswith("tix ")]
    assert [one for one in words if parser.read(one[1:]) is None] == []


def test_what_is_not_run_is_an_example():
    """Nothing stays in that table when its example has changed."""
    assert UNRUN.keys() <= {bare(line) for _, line in ALL}
