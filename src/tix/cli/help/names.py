"""Did you mean: what people call the commands and options of tix, and what is spelled almost the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from tix.words.sentence import Said

# What is said in other tools, and what tix calls it; several where it depends on what is meant.
COMMANDS: dict[str, tuple[str, ...]] = {
    "add": ("new",),
    "answer": ("reply",),
    "archive": ("close", "export"),
    "audit": ("log",),
    "backup": ("db backup FILE",),
    "bulk": ("edit",),
    "cancel": ("close", "undo"),
    "cat": ("show",),
    "change": ("edit",),
    "check": ("doctor", "db check"),
    "comment": ("reply", "note"),
    "contact": ("user",),
    "contacts": ("user",),
    "create": ("new",),
    "customer": ("client",),
    "dashboard": ("stats", "inbox"),
    "defer": ("snooze",),
    "delegate": ("assign",),
    "details": ("show",),
    "done": ("resolve",),
    "dump": ("export",),
    "duplicate": ("link ID duplicates ID", "merge"),
    "file": ("attach",),
    "files": ("attach",),
    "filter": ("list",),
    "find": ("search",),
    "finish": ("resolve",),
    "fix": ("resolve",),
    "get": ("show",),
    "grep": ("search",),
    "group": ("team", "department"),
    "history": ("log",),
    "info": ("show", "db info"),
    "load": ("import",),
    "man": ("help",),
    "me": ("whoami",),
    "message": ("reply",),
    "mine": ("list --mine",),
    "modify": ("edit",),
    "move": ("edit --department",),
    "open": ("new", "reopen", "show"),
    "org": ("client",),
    "organisation": ("client",),
    "organization": ("client",),
    "pause": ("hold",),
    "permissions": ("whoami --permissions",),
    "pick": ("claim",),
    "postpone": ("snooze",),
    "queue": ("list",),
    "recurring": ("schedule",),
    "remind": ("snooze",),
    "remove": ("delete",),
    "respond": ("reply",),
    "restore": ("db restore FILE", "undo"),
    "revert": ("undo",),
    "rm": ("delete",),
    "server": ("serve",),
    "set": ("edit", "config set"),
    "settings": ("config",),
    "sleep": ("snooze",),
    "solve": ("resolve",),
    "status": ("stats", "list", "whoami"),
    "subscribe": ("follow",),
    "tag": ("edit ID --tag TAG",),
    "take": ("claim",),
    "template": ("canned",),
    "ticket": ("new", "list", "show"),
    "tickets": ("list",),
    "top": ("list", "triage"),
    "track": ("time",),
    "transfer": ("assign", "edit --department"),
    "unassign": ("assign ID none",),
    "unfollow": ("follow ID --stop",),
    "unsnooze": ("snooze ID --until none",),
    "update": ("edit",),
    "users": ("user",),
    "version": ("--version",),
    "view-ticket": ("show",),
    "wait": ("hold", "snooze"),
    "wake": ("snooze ID --until none",),
    "watch": ("follow", "list --watch 5"),
    "web": ("serve",),
    "who": ("whoami", "user"),
    "wontfix": ("close",),
}
# The same for the commands of a noun.
VERBS: dict[str, tuple[str, ...]] = {
    "change": ("edit", "set"),
    "cancel": ("void", "cancel"),
    "create": ("add", "create"),
    "del": ("rm",),
    "delete": ("rm",),
    "disable": ("pause", "mute"),
    "download": ("save",),
    "enable": ("resume", "unmute"),
    "get": ("show", "get"),
    "info": ("show", "info"),
    "ls": ("list",),
    "modify": ("edit",),
    "new": ("add", "create"),
    "passwd": ("password",),
    "remove": ("rm",),
    "set": ("edit", "set"),
    "update": ("edit",),
    "upload": ("add",),
    "view": ("show",),
}
# The same for options.
OPTIONS: dict[str, tuple[str, ...]] = {
    "--assigned": ("--assignee", "--assign"),
    "--assigned-to": ("--assignee", "--assign"),
    "--attachment": ("--attach",),
    "--author": ("--by", "--creator"),
    "--body": ("--message",),
    "--category": ("--topic", "--type"),
    "--comment": ("--message", "--note"),
    "--company": ("--client",),
    "--customer": ("--client", "--for", "--requester"),
    "--date": ("--on", "--due", "--since"),
    "--deadline": ("--due",),
    "--description": ("--message",),
    "--dept": ("--department",),
    "--dry": ("--dry-run",),
    "--fields": ("--columns",),
    "--filter": ("--status", "--view"),
    "--force": ("--yes",),
    "--format": ("--output",),
    "--from": ("--for", "--requester", "--since"),
    "--group": ("--team",),
    "--label": ("--tag",),
    "--labels": ("--tag",),
    "--max": ("--limit",),
    "--me": ("--mine",),
    "--msg": ("--message",),
    "--order": ("--sort",),
    "--order-by": ("--sort",),
    "--owner": ("--assignee", "--assign"),
    "--prio": ("--priority",),
    "--requester": ("--for",),
    "--severity": ("--priority",),
    "--state": ("--status",),
    "--subject": ("--title",),
    "--tags": ("--tag",),
    "--title": ("--subject",),
    "--to": ("--assignee", "--until", "--into"),
    "--user": ("--for", "--by", "--as"),
    "--verbose": ("--full",),
    "--who": ("--assignee", "--by"),
}


def near_page(name: str, known: Collection[str]) -> str:
    """Return the hint for a name of which there is no help."""
    meant = {_page(one, known): None for one in _meant(name, COMMANDS, known)}  # a set that keeps its order
    return _asked(meant, "tix help") or Said("for the list of commands and topics: tix --help")


def _page(meant: str, known: Collection[str]) -> str:
    """Return the name of the page about a command with its arguments: ``snooze`` of ``snooze ID --until none``."""
    words = meant.split()
    while " ".join(words) not in known and len(words) > 1:
        words.pop()
    return " ".join(words)


def near_command(word: str, names: Collection[str], before: str) -> str:
    """Return the hint for a word that is no command of ``before``: of ``tix``, or of ``tix user``."""
    said = COMMANDS if before == "tix" else VERBS
    return _asked(_meant(word, said, names), before) or Said(
        "for the list of commands: {command}", command=f"{before} --help"
    )


def near_option(word: str, names: Collection[str]) -> str | None:
    """Return the hint for an option that is none of ``names``; None where nothing is near."""
    meant = [one for one in OPTIONS.get(word.lower(), ()) if one in names]
    beginning = [one for one in names if len(word) > 3 and one.startswith(word)]
    return _asked(meant or sorted(beginning) or _spelled_option(word, names), "") or None


def _spelled_option(word: str, names: Iterable[str]) -> list[str]:
    """The long option spelled nearest, for a word of letters; the dashes, which all have, make none alike."""
    letters = {one.lstrip("-"): one for one in names if one.startswith("--")}
    return [letters[one] for one in _spelled(word.lstrip("-"), letters)] if len(word) > 2 else []


def _meant(word: str, said: dict[str, tuple[str, ...]], names: Collection[str]) -> list[str]:
    """What may be meant by a word: what people call so, else the nearest spelling of a name or of such a word."""
    word = word.lower()
    for one in (word, *_spelled(word, [*names, *said])):
        if one in names and one != word:
            return [one]
        if found := [meant for meant in said.get(one, ()) if _is_known(meant, names)]:
            return found
    return []


def _is_known(meant: str, names: Collection[str]) -> bool:
    """Whether a command is there; an option in place of one always is."""
    return meant.startswith("-") or meant.split(maxsplit=1)[0] in names


def _spelled(word: str, names: Iterable[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(word, list(names), n=1, cutoff=0.6)


def _asked(meant: Iterable[str], before: str) -> str:
    found = list(_behind(meant, before))
    if not found:
        return ""
    if len(found) == 1:
        return Said("did you mean {meant}?", meant=found[0])
    meant = Said("{first} or {last}", first=", ".join(found[:-1]), last=found[-1])
    return Said("did you mean {meant}?", meant=meant)


def _behind(meant: Iterable[str], before: str) -> Iterator[str]:
    for one in meant:
        yield f"{before} {one}".strip()
