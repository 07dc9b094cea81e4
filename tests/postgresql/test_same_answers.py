"""The same commands on a file and on a database: every answer is equal, to the byte.

Only what is made by chance (UUIDs), the place of the desk and the engine's own figures are left out.
"""

import random
import re
from pathlib import Path

import pytest

from tests.harness import Shell

NOW = "2026-11-23T09:00:00Z"
WORDS = (
    "printer burns dock loose Ärger straße naïve İstanbul 印刷 できません tiếng việt password reset RESET e-mail 10.0.0.1 "
    "user@example.com foo-bar C++ café résumé 👩🏽‍🚀 100% %s _ ' \" \\ ; -- the the the"
).split()
WHO = ("root", "ann", "ben", "rita", "carl")
SETUP = (
    "init",
    "client add Acme --domain acme.example",
    "department add Support",
    "department add Network",
    "team add night",
    "topic add Printer --department Support",
    "topic field add Printer place --label Where? --kind choice --choices Office,Home",
    "topic field add Printer pages --label Pages --kind number",
    "user add ann --role agent --email ann@desk.example",
    "user add ben --role agent --departments Network",
    "user add rita --role requester --email rita@acme.example --client Acme",
    "user add carl --role requester",
    "asset add PR-1 --client Acme",
    "canned add thanks -m 'Thank you, {{ requester.name }}.'",
    "sla add gold --grace 4h --response 1h",
    "calendar add office --hours 'mon-fri 09:00-17:00' --zone Europe/Berlin",
)
READS = (
    "list --json", "list --all --json --sort -priority,due_at", "list --all -o csv", "list -s '!closed' --tag '!vip'", "list --mine --json",
    "list --unassigned -o ids", "list --all --sort subject -o ids", "list --all --sort -subject,number -o ids", "list --all --count",
    "list --all --sort field.pages -o ids", "list --all --sort -field.pages -o ids", "list --all --field place=office -o ids",
    "list --overdue --json", "list --due none -o ids", "list --group-by status", "list --all --limit 3 --json --envelope",
    "show 1 --json", "show 2", "show 3 --json", "log --json", "log 2", "stats --json", "report sla --json", "report weeks --json",
    "report agents -o csv", "report aging --json", "report time --json", "report ratings --json", "inbox --json", "notification list --json",
    "search printer --json", "search '\"password reset\"' --json", "search 'print*' --json", "search burns -o ids", "search the --json",
    "search straße --json", "search 印刷 --json", "search 10.0.0.1 -o ids", "search C++ -o ids", "search foo-bar --json",
    "list printer --json", "export --json", "user list --json", "department show Support --json", "client show Acme --json",
    "asset list --json", "topic show Printer --json", "tag list --json", "time list --json", "undo --list --json", "db check -o csv",
)  # fmt: skip


def writes(chance: random.Random) -> str:
    """A command that changes something, or is refused."""
    number = chance.randint(1, 14)
    text = " ".join(chance.choices(WORDS, k=chance.randint(1, 9)))
    quoted = "'" + text.replace("'", "") + "'"
    return chance.choice(
        (
            f"new {quoted} -m {quoted} --for rita --topic Printer --field place=Office --field pages={chance.choice(['1', '-2.5', '1000', '7'])}",
            f"new {quoted} -m {quoted} -p {chance.choice(['low', 'high', 'urgent'])} --department Network",
            f"new {quoted} -m {quoted} --for carl --tag vip --asset PR-1 --client Acme",
            f"reply {number} -m {quoted}",
            f"note {number} -m {quoted}",
            f"claim {number}", f"assign {number} ann", f"assign {number} none", f"resolve {number} -m {quoted}", f"close {number}",
            f"reopen {number}", f"start {number}", f"edit {number} -p urgent --tag {chance.choice(['vip', 'dock'])}",
            f"edit {number} --due +2h", f"edit {number} --sla gold", f"edit {number} --department Support", f"edit {number} --subject {quoted}",
            f"snooze {number} --until +3d", f"watch {number}", f"time add {number} {chance.choice(['25m', '1h', '0'])} -m {quoted}",
            f"link {number} relates {chance.randint(1, 14)}", f"merge {number} --into {chance.randint(1, 14)} --yes", f"rate {number} {chance.randint(0, 6)}",
            f"delete {number} --yes", "undo", "redo", f"close {number} {number + 1} 99", f"split {number} --entry 2 --subject {quoted}",
            f"reply {number} --canned thanks", "tick", "team edit night --member ann", "edit 1-5 --tag bulk", f"note {number} --edit-last -m {quoted}",
        )
    )  # fmt: skip


def plain(text: str, folder: Path) -> str:
    """Without what chance, the folder and the engine decide."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(
        r"postgresql://\S*?(?=[\"'; ]|$)",
        "STORE",
        text.replace(str(folder / "desk.db"), "STORE"),
        flags=re.MULTILINE,
    )
    text = text.replace(str(folder), "FOLDER")
    return re.sub(r"^(file|sqlite|postgresql)\b.*\n", "", text, flags=re.MULTILINE)


def both(server, tmp_path) -> tuple[Shell, Shell]:
    """Two shells, one on a file, one on a database, that know no other difference."""
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(Shell(folder))
    made[1].env["TIX_STORE"] = server.database()
    made[1].store = made[1].env["TIX_STORE"]
    return made[0], made[1]


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 6))])
def test_every_answer_is_the_same(server, tmp_path, seed):
    """A hundred commands by five people, and after every tenth a look at the desk from each side."""
    import shlex

    chance = random.Random(seed)
    shells = both(server, tmp_path)
    done, lines = 0, [(line, "root") for line in SETUP]
    for place in range(110):
        lines.append((writes(chance), chance.choice(WHO)))
        if place % 10 == 9:
            lines += [(line, chance.choice(WHO)) for line in chance.sample(READS, 12)]
    lines += [(line, who) for line in READS for who in ("root", "rita")]
    for place, (line, who) in enumerate(lines):
        answers = []
        for shell in shells:
            now = f"2026-11-23T{9 + place // 240:02}:{place // 4 % 60:02}:00Z"
            as_ = {} if place < len(SETUP) else {"as_": who}
            got = shell.tix(*shlex.split(line), check=None, env={"TIX_NOW": now}, **as_)
            crashes = [path.read_text() for path in (shell.folder / "home/.local/state/tix").glob("crash-*")]
            assert crashes == [], line
            answers.append((got.code, plain(got.out, shell.folder), plain(got.err, shell.folder)))
        assert answers[0] == answers[1], (seed, place, who, line)
        done += answers[0][0] == 0
    assert done > len(lines) / 2  # else little was compared but refusals
