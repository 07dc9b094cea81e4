"""The shell against a server says what it says on a file: the same words, bytes and exit status."""

import pytest

from tests.remote.twins import Twins, typed

# One story a test: each line is typed on both desks, after those before it. `who: words`.
SETUP = ["ada: new Screen -m dark --for bob -p high", "ada: new Cable -m loose --for lan"]

STORIES = {
    "lists": [
        *SETUP,
        "list", "list --json", "list -o jsonl", "list -o csv", "list -o ids", "list -o plain", "list -o table",
        "list --count", "list --limit 1", "list --limit 1 -o table", "list --limit 0", "list --limit -1",
        "list --sort -number -c ref,subject", "list --sort colour", "list --mine", "list --requester lan --json",
        "list --requester nobody", "list -p high", "list -p colour", "list --since -1d --until today",
        "list --since colour", "list --open --closed", "list screen", "list nothing", "list nothing -o table",
        "list -c ref,field.brand", "list -c colour", "list --all -o json --columns ref,status", "list --status on-hold",
        "list -s open,closed --count", "lan: list --json", "lan: list --tag vip", "lan: list --count", "ls", "list --tag a",
        "list -s '!closed' --json", "list --tag '!vip'", "list --client none", "list --client '!nope'", "list --due none",
        "list --due overdue --due '!today'", "list --due eow", "list --due 'next week'", "list --due 2bd", "list --due 3d", "list --due 9",
        "list --created-since yesterday --created-until today", "list --sort -priority,requester", "list 1", "list 1 2 lan",
        "list --group-by requester -o table", "search 1", "lan: list --tag '!vip'", "lan: list 1 sam", "new W -m x --due 'next week'",
        "edit 1 --due 2bd --json", "edit 1 --due eow --json", "edit 1 --due yesterday", "snooze 1 --until 'in 2 business days'",
        "sam: list --mine --count", "list --assignee none", "list --unanswered", "list --overdue",
    ],
    "shows": [
        *SETUP,
        "show 1", "show 1 --json", "show 1 -o table", "show 1-3", "show 1-9 --json", "show 1 2 -o jsonl", "1",
        "show 9", "show 9 --json", "show 1 9", "show 1 9 --json", "show x", "show 1 --no-events",
        "show 1 --as-requester", "show 1 --as-requester -o table", "show 1 --full -o table", "show 1 -c ref,status",
        "lan: show 1", "lan: show 1 -o table", "lan: show 2", "lan: show 2 --json", "show ABC-1", "show TIX-1 -o ids",
        "bob: show 2 -o table", "sam: show 1 -o csv", "show 12-13", "why 1", "why 1 --json", "why 1 -o table", "why 99",
        "lan: why 1",
    ],
    "writes": [
        *SETUP,
        "reply 1 -m 'We look.'", "reply 1 -m 'We look.' -o table", "sam: reply 1 -m again --json",
        "lan: reply 1 -m thanks", "reply 9 -m x", "reply 9 -m x --json", "reply 1", "reply 1 -m ''",
        "reply 1 -m x --status colour", "reply 1 -m x --status on-hold -o table", "reply 1-2 -m both --time 5m",
        "note 1 -m aha", "note 1 2 9 -m aha", "note 1 2 9 -m aha --json", "lan: note 1 -m aha", "note 1 -m x --atomic",
        "assign 1 sam", "assign 1 sam -o table", "assign 1 nobody", "assign 1", "assign 2 none", "assign 2 @me -o table",
        "sam: claim 2", "claim 3", "claim 3", "lan: claim 1", "start 1 -o table", "hold 1 --note wait", "hold 1",
        "resolve 1 -m done -o table", "resolve 1", "lan: reply 1 -m 'not yet'", "close 1 2 3 -o table", "close 1 2 3",
        "reopen 1", "lan: reopen 3 -m again -o table", "bob: close 1", "close 1-3 --dry-run", "close 1-9 --dry-run --json",
        "close 1 9 --atomic", "close 1 9 --atomic --json", "close 1 2 --atomic -o table", "log 1", "log 1 --json",
        "show 1 --json", "show 2 --json", "show 3 --json",
    ],
    "edits": [
        *SETUP,
        "edit 1 -p low", "edit 1 -p low -o table", "edit 1 -p high --tag vip,a -o table", "edit 1 --remove-tag a --json",
        "edit 1", "edit 1 --note x", "edit 1 --due 2026-12-24", "edit 1 --due +3d -o table", "edit 1 --due none -o table",
        "edit 1 --due colour", "edit 1 --subject 'No sound at all' -o table", "edit 1 --status on-hold -o table",
        "edit 1 --if-version 1 -p low", "edit 1 --if-version 1 -p low --json", "edit 1 --for bob -o table",
        "edit 1-2 --category billing -o table", "edit 1 --topic nothing", "edit 1 --field a=b", "lan: edit 1 -p high",
        "lan: edit 1 --if-version 2 --phone 1", "edit 1 --about order:4711 -o table", "edit 1 -p none", "edit 1 --type none",
        "snooze 1 --until +3d -o table", "snooze 1 --until +3d -o table", "snooze 1 --until none -o table",
        "snooze 1 --until none", "snooze 1 --until -3d", "snooze 1 --until yesterday", "snooze 1 --until 2026-12-24 -o table", "snooze 1 --until colour", "lan: snooze 1 --until +1d",
        "follow 1 -o table", "follow 1 -o table", "follow 1 --who bob -o table", "follow 1 --stop -o table",
        "follow 1 --who nobody", "lan: follow 1 --who bob", "lan: follow 1", "show 1 --json",
        "resolve 1", "lan: rate 1 9", "bob: rate 1 4 --comment fine -o table", "bob: rate 1 4", "bob: rate 2 4",
        "rate 3 x", "show 1 --json",
    ],
    "links": [
        *SETUP,
        "link 1 blocked-by 2 -o table", "link 1 blocked-by 2", "link 1 relates 3 --json", "link 1 colour 2", "link 1 blocks 9",
        "link 1 blocks 1", "resolve 1 -o table", "unlink 1 blocked-by 2 -o table", "unlink 1 blocked-by 2", "lan: link 1 relates 3",
        "link 1 blocked-by 2", "lan: close 1", "lan: reopen 1 -m again", "resolve 1", "close 1", "reopen 1", "unlink 1 blocked-by 2",
        "merge 2 --into 1", "merge 2 --into 1 --json", "merge 2 --into 1 --yes -o table", "merge 2 --into 1 --yes", "merge 3 --into 9", "reply 2 -m x",
        "show 1 -o table", "show 2 -o table", "unmerge 2 -o table", "unmerge 2", "merge 3 --into 1 --dry-run -o table",
        "split 1 --entry 999", "split 1 --entry x", "split 1 --entry 1 --subject Other -o table", "split 1", "lan: split 1 --entry 1",
        "delete 3", "delete 3 --yes --dry-run -o table", "delete 3 9 --yes --atomic", "delete 3 9 --yes", "delete 2 --yes --json",
        "lan: delete 1 --yes", "list --all",
    ],
    "new": [
        "new Printer -m smoke", "new Printer -m smoke -o table", "lan: new Printer -m smoke --json", "new Printer", "new", "new ''",
        "new Printer -m x -p colour", "new Printer -m x --for nobody", "new Printer -m x --for 'Kim <kim@x.example>' --json",
        "lan: new Printer -m x --assign sam", "new Printer -m x --assign sam --tag a,b --due +3d --about order:1 --json",
        "new Printer -m x --idempotency-key k", "new Printer -m x --idempotency-key k",
        "new Screen -m x --idempotency-key k", "new P -m x --field a=b",
        "new Printer -m x --topic nothing", "new Printer -m x --source phone -o jsonl", "new Printer -m x -c ref,status",
        "new A -m x --cc lan", "list", "new Printer -m x --field a",
        "new Printer -m x --topic lost", "lan: new Printer -m x --topic Lost", "new Printer -m x --topic lost --assign sam",
        "new Printer -m x --topic lost --assign none",
    ],
    "searches": [
        *SETUP,
        "search sound", "search sound --json", "search sound -o table", "search dark -o csv", "search nothing",
        "search nothing -o table", "search sound --in subject", "search update --in subject", "search sound --in body",
        "search sound --not update", "search ' '", "search sound --count", "search dark --count --in subject",
        "lan: search canary", "lan: search canary --json", "search canary -o jsonl", "search '\"the update\"'", "search upd*",
        "search sound --limit 1 --sort -number", "search e --requester lan -c ref,score,snippet",
        "log", "log --json", "log --limit 2", "log -o table", "log --by ada", "log --by nobody", "log --since -1d --limit 3",
        "log 1", "log 1 --json", "log 1 -o table", "log 1 --limit 1", "log 9", "lan: log", "lan: log 1 --json", "log 1 --by ada",
        "log --since colour", "log -o csv --limit 2",
        "inbox", "inbox --json", "inbox -o table", "lan: inbox", "lan: inbox -o table", "sam: inbox -o csv", "inbox -o ids",
        "lan: reply 1 -m hello", "assign 1 sam", "sam: inbox -o table", "sam: notification list", "sam: notification list --json",
        "sam: notification list -o table", "sam: notification list --all --limit 1", "lan: notification list -o table",
    ],
    "notifications": [
        *SETUP,
        "lan: reply 1 -m hello", "lan: reply 3 -m hello", "assign 1 sam", "assign 3 sam", "bob: reply 2 -m hello",
        "sam: notification list --all", "sam: notification read", "sam: notification read 1 --all", "sam: notification read x",
        "sam: notification read 999", "sam: notification read 9999999999999999 -o table", "lan: notification read 1", *(
            f"{who}: notification read {words}" for who in ("sam", "ada") for words in
            ("1", "1", "1 --json", "2 -o table", "2 3,999", "1-6 --json", "1-6 -o table", "4 5 998 999 -o jsonl", "--all",
             "--all --json", "--all -o table")
        ),
        "sam: notification list", "sam: notification list --all --json", "notification rules", "lan: notification rules --json",
        "notification rules -o table", "notification mute", "sam: notification mute changed,replied", "sam: notification mute colour",
        "sam: notification rules", "sam: notification unmute changed", "sam: notification mute all", "sam: notification rules --json",
        "sam: notification unmute all", "lan: notification mute all", "lan: notification rules -c reason,mailed",
    ],
    "times": [
        *SETUP,
        "time add 1 25m", "time add 1 1h30m -m 'on site' -o table", "time add 1 25m --on yesterday --json", "time add 1 colour",
        "time add 1 0m", "time add 1 40d", "time add 1 5m --on 2026-12-24", "time add 1 5m --on +3d", "time add 1 5m --on colour",
        "time add 1 5m --on 2026-11-29T10:00:00Z --no-billable -o table", "time add 1 10m --minus -m oops -o table",
        "time add 1 90h --minus", "time add 1 5m -m ''", "time add 9 5m", "lan: time add 1 5m", "bob: time add 1 5m",
        "time start 1", "time start 1", "time start 1 -o table", "time start 2", "time start 9", "lan: time start 1",
        "time stop 2", "time stop 1 -o table", "time stop 1", "time start 1 -o table", "time stop 1 --discard", "time start 1 --json",
        "time stop 1 -m x --no-billable --json", "sam: time stop 1", "lan: time stop 1", "log 1 -o table", "log 1",
        "time rm 99", "time rm x", "time rm 9999999999999999", "time rm 5 -o table", "time rm 5", "time rm 7 --json",
        "time rm 1", "lan: time rm 6", "bob: time rm 6", "sam: time rm 6", "show 1 --json", "close 1", "time add 1 5m", "time start 1",
        "merge 2 --into 3 --yes", "time add 2 5m -o table", "time start 2",
    ],
    "views that change": [
        *SETUP,
        "view add hot -p high --sort due_at -c ref,subject --limit 3", "view add hot", "view add 'my own' --mine --json",
        "view add a/b", "view add x -p colour", "view add x -c colour", "view add x -c field.x", "view add x --sort colour",
        "view add x --count", "view add x --limit -1", "view add x --since colour", "view add x -c help", "view add ''",
        "view add ours --shared --all", "sam: view add ours --shared", "lan: view add ours --shared", "lan: view add hot --open",
        "view add days --since -3d --until today -o table", "list --view hot", "list --view 'my own'", "view list --json",
        "view edit hot -p low -o table", "view edit hot -p low", "view edit hot --sort none -c none --json", "view edit hot",
        "view edit hot --clear --tag a,b", "view edit nothing --mine", "sam: view edit ours --sort number", "view show hot --json",
        "view edit ours --shared --unassigned -o table", "view edit hot --shared", "view edit 'My own' --status open -o jsonl",
        "view rm nothing", "sam: view rm ours", "view rm hot -o table", "view rm hot", "view rm 'my own' --json", "view rm ours",
        "lan: view rm hot", "view list", "lan: view list",
    ],
    "undo": [
        *SETUP,
        "undo", "edit 1 -p low --tag vip,a --due +3d", "undo --dry-run", "undo --dry-run -o table", "undo --dry-run --json",
        "undo -o table", "undo", "close 1-3", "undo --json", "hold 1 2 --note x", "undo", "assign 1 2 9 sam", "undo -o table",
        "sam: undo", "sam: snooze 1 --until +3d", "undo", "sam: undo -o csv -c ref,snoozed_until", "lan: undo", "reply 1 -m x", "undo",
        "merge 2 --into 1 --yes", "undo --dry-run -o table", "undo -o table", "link 1 blocks 3", "note 1 -m x", "undo",
        "time add 1 25m -m x", "undo -o table", "assign 1 sam", "sam: edit 1 -p high", "undo", "edit 1 --subject '\x1b[31mred'",
        "undo -o table", "redo --dry-run", "redo -o table", "redo", "delete 3 --yes", "undo", "redo", "show 1 --json", "log",
    ],
    "nouns": [
        *(f"{noun} list{how}" for noun in "asset calendar canned client department priority sla team topic type".split()
          for how in ("", " --json")),
        "user list", "user list --json", "user list --role agent", "user list --role colour", "lan: user list",
        "lan: client list", "priority list -o table", "whoami --permissions", "lan: whoami --permissions --json",
        "user list -o table", "type list -c name", "type list -c colour",
    ],
    "canned": [
        "reply 1 --canned hi", "reply 1 --canned hi -m more -o table", "reply 1-2 --canned HI --status on-hold", "lan: reply 1 --canned hi",
        "reply 1 --canned nothing", "show 1", "show 1 --json", "canned list",
    ],
    "hostile texts": [
        "new '\x1b[31mred\x07' -m 'a\x1b]0;title\x07b\u202ec' --tag x", "show 2 -o table", "list -o table", "list", "show 2",
        "show 2 --json", "list -o csv", "search red -o table", "log -o table", "log 2 -o table", "inbox -o table",
        "edit 2 --subject '=1+1\x1b[2J' -o table", "list -o csv", "reply 2 -m '\x9b31m' -o table", "show '\x1b[31m'",
        "list -c '\x1b[31m'", "assign 2 '\x1b[31m'",
    ],
    "attachments": [
        "attach list 1", "reply 1 -m see --attach a.txt", "note 1 -m see --attach a.txt --attach b.txt --json",
        "attach add 1 a.txt -o table", "lan: attach add 1 b.txt -o table", "attach add 1 missing.txt", "attach add 9 a.txt",
        "attach list 1", "attach list 1 --json", "attach list 1 -o table", "lan: attach list 1", "attach list 9",
        "attach save 1 --dir out", "attach save 1 --dir out", "attach save 1 a.txt --dir out --force --json",
        "attach save 1 x.txt --dir out", "attach save 1 --dir missing", "new F -m x --attach a.txt --json", "show 1 -o table",
        "attach add 1 evil.exe", "reply 1 -m x --attach evil.exe",
        "attach rm 1", "attach rm 1 x.txt", "attach rm 9 a.txt", "lan: attach rm 1 b.txt", "bob: attach rm 1 b.txt",
        "attach rm 1 b.txt x.txt", "attach list 1", "attach rm 1 1 -o table", "attach rm 1 b.txt", "attach rm 1 b.txt",
        "attach rm 1 a.txt --json", "attach rm 1 a.txt -o table", "attach list 1 --json", "show 1 -o table",
        "merge 2 --into 1 --yes", "attach rm 1 a.txt", "attach rm 2 a.txt", "close 1", "attach rm 1 a.txt --json",
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_the_same_on_a_server(twins: Twins, story: str):
    for shell in (twins.local, twins.far):
        (shell.folder / "a.txt").write_text("alpha")
        (shell.folder / "b.txt").write_text("beta")
        (shell.folder / "evil.exe").write_bytes(b"MZ" + bytes(100))
        (shell.folder / "out").mkdir()
    different = []
    for line in STORIES[story]:
        who, words = typed(line)
        try:
            twins.same(*words, as_=who)
        except AssertionError as error:
            different.append(str(error))
    assert not different, "\n\n".join(different)


def test_a_timer_that_has_run_is_the_same_on_a_server(twins: Twins):
    twins.same("new", "Screen", "-m", "dark")
    twins.same("time", "start", 1)
    for shell in (twins.local, twins.far):
        shell.now = "2026-11-30T10:25:00Z"
    assert "running" in twins.same("time", "start", 2).err
    assert "Logged 25m" in twins.same("time", "stop", 1, "-m", "cables", "-o", "table").err
    twins.same("show", 1, "--json")
