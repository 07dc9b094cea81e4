"""A desk with everybody in it: each role, each kind of ticket, and on each ticket what only staff read.

The canary is in everything that is the staff's: notes, tags, files, staff-only answers, plans, teams, calendars,
another client, its people and its assets.
"""

from __future__ import annotations

from pathlib import Path

from tests.laws.inprocess import Desk

CANARY = "kanarienvogel"
SECRET_BYTES = b"kanarienvogel sings in here\n"

# Who acts, by what they are. The admin is whoever runs the tests.
ROLES = {
    "requester": "rita",
    "manager": "mona",
    "primary contact": "pia",
    "technical contact": "tia",
    "billing contact": "bill",
    "agent": "ann",
    "agent of Support": "sue",
    "agent of a team": "tom",
    "agent of none": "nan",
    "admin": None,
}
STAFF = ("agent", "agent of Support", "agent of a team", "agent of none", "admin")
OUTSIDE = tuple(role for role in ROLES if role not in STAFF)

# Whose a ticket is and where: rex reports to mona, carl is of rita's and the contacts' client, otto of another.
# All but the last four are in the department Billing.
PLACES = ("own", "report's", "client's", "other's", "Support's", "nowhere", "held", "team's")

CLIENT, OTHER_CLIENT = "Acme", f"Globex {CANARY}"
TEAM, PLAN, CALENDAR = f"Network {CANARY}", f"gold {CANARY}", f"office {CANARY}"
ASSET, OTHER_ASSET = "laptop", f"server {CANARY}"


class Office:
    """The desk, and the number of each kind of ticket for each role."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.numbers: dict[tuple[str, str], int] = {}
        (folder / "plan.txt").write_bytes(b"floor plan\n")
        (folder / f"{CANARY}.txt").write_bytes(SECRET_BYTES)
        self._furnish()
        for role, login in ROLES.items():
            self.numbers[role, "own"] = self._ticket(login or self.desk.admin, "Billing")
        shared = {
            "report's": self._ticket("rex", "Billing"),
            "client's": self._ticket("carl", "Billing"),
            "other's": self._ticket("otto", "Billing"),
            "Support's": self._ticket("otto", "Support"),
            "nowhere": self._ticket("otto", "none"),
            "team's": self._ticket("otto", "Billing", f"team:{TEAM}"),
        }
        for role, login in ROLES.items():
            self.numbers |= {(role, place): number for place, number in shared.items()}
            holder = (login or self.desk.admin) if role in STAFF else "ann"
            self.numbers[role, "held"] = self._ticket("otto", "Billing", holder)
        self.desk.now = "2026-11-22T09:00:00Z"
        self.desk.tix("invoice", "create", "--client", OTHER_CLIENT)

    def _furnish(self) -> None:
        tix = self.desk.tix
        self.desk.now = "2026-11-20T09:00:00Z"
        for name in (CLIENT, OTHER_CLIENT, "Spare"):
            tix("client", "add", name, "--rate", "90.00")
        for name in ("Billing", "Support", "Spare"):
            tix("department", "add", name)
        for name in (TEAM, "Spare"):
            tix("team", "add", name)
        for name in (CALENDAR, "Spare"):
            tix("calendar", "add", name, "--hours", "mon-sun 00:00-24:00")
        for name in (PLAN, "Spare"):
            tix("sla", "add", name, "--grace", "90d", "--calendar", CALENDAR)
        for name in ("Printer", "Spare"):
            tix("topic", "add", name)
        tix("type", "add", "spare")
        tix("priority", "add", "spare", "--rank", 5)
        tix("topic", "field", "add", "Printer", "brand", "--label", "Brand")
        tix("topic", "field", "add", "Printer", "cause", "--label", "Cause", "--staff-only")
        tix("topic", "edit", "Printer", "--sla", PLAN, "--team", TEAM)
        tix("department", "edit", "Support", "--sla", PLAN, "--calendar", CALENDAR)
        for name, client in ((ASSET, CLIENT), ("spare", CLIENT), (OTHER_ASSET, OTHER_CLIENT)):
            tix("asset", "add", name, "--client", client, "--notes", CANARY)
        for name in (f"rounds {CANARY}", "Spare"):
            tix(
                "schedule", "add", name, "--subject", f"Walk {CANARY}", "-m", f"The {CANARY}.", "--every", "weekly",
                "--start", "2027-06-01",
            )  # fmt: skip
        tix("config", "set", "default_sla", PLAN)
        tix("workflow", "show", "standard", "--toml")
        for login, *flags in (
            ("rita", "--client", CLIENT),
            ("mona",),
            ("rex", "--manager", "mona"),
            ("carl", "--client", CLIENT),
            ("pia", "--client", CLIENT, "--contact", "primary"),
            ("tia", "--client", CLIENT, "--contact", "technical"),
            ("bill", "--client", CLIENT, "--contact", "billing"),
            ("otto", "--client", OTHER_CLIENT),
            ("spare",),
            ("ann", "--role", "agent"),
            ("sue", "--role", "agent", "--departments", "Support"),
            ("tom", "--role", "agent", "--departments", "none", "--teams", TEAM),
            ("nan", "--role", "agent", "--departments", "none"),
        ):
            tix("user", "add", login, "--name", login.capitalize(), "--email", f"{login}@x.example", *flags)
        tix("user", "edit", "otto", "--name", f"Otto {CANARY}", "--email", f"{CANARY}@otto.example")
        tix("user", "edit", "ann", "--email", f"{CANARY}@ann.example")

    def _ticket(self, requester: str, department: str, holder: str = "none") -> int:
        """A ticket with a public side, and everything of the staff's on it."""
        tix = self.desk.tix
        words = [
            "new",
            "Printer",
            "-m",
            "The printer smokes.",
            "--for",
            requester,
            "--department",
            department,
        ]
        words += ["--topic", "Printer", "--field", "brand=North", "--field", f"cause={CANARY}"]
        words += ["--assign", holder, "--attach", "plan.txt", "--notify-email", f"{CANARY}@y.example"]
        number = int(tix(*words).out.strip().removeprefix("TIX-"))
        tix("reply", number, "-m", "An answer.")
        tix("note", number, "-m", f"The {CANARY} did it.", "--attach", f"{CANARY}.txt")
        tix("time", "add", number, "25m", "-m", f"The {CANARY} did it.")
        tix("edit", number, "--tag", CANARY)
        return number
