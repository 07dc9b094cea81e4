"""Random desks: nouns of every kind, people with rights, and tickets that something has happened to.

A seed makes a desk by commands, so what it holds is what somebody could have typed. A command may be refused
(a workflow that knows no such step): the desk is then as it was.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.laws.inprocess import Desk

KINDS = {
    "text": ("Zimmer 3", "ünïcödé 東京", "a,b;c"),
    "choice": ("North", "South, East"),
    "number": ("3", "-2.50", "999999999999999"),
    "date": ("2026-12-31",),
    "boolean": ("yes", "off"),
    "email": ("Pat@X.example",),
    "url": ("https://x.example/a?b=c",),
}
HOURS = ("mon-fri 09:00-17:00", "daily 8-12 13-18", "mon-thu 22:00-24:00, fri 0-6")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
WORKFLOWS = ("standard", "itflow", "osticket", "helpdesk", "repairs")

OWN = """
name = "repairs"
title = "Repairs"

[[status]]
name = "received"
phase = "open"
[[status]]
name = "waiting"
phase = "open"
sla = "paused"
[[status]]
name = "mended"
phase = "resolved"
[[status]]
name = "fetched"
phase = "closed"

[[rule]]
on = "staff-replied"
from = ["received", "waiting"]
to = "received"
by = "staff"
[[rule]]
on = "start"
from = ["waiting"]
to = "received"
by = "staff"
[[rule]]
on = "hold"
from = ["received"]
to = "waiting"
by = "staff"
[[rule]]
on = "resolve"
from = ["received", "waiting"]
to = "mended"
by = "staff"
[[rule]]
on = "reopen"
from = ["mended", "fetched"]
to = "received"
by = "anyone"
[[rule]]
on = "close"
from = ["received", "waiting", "mended"]
to = "fetched"
by = "anyone"
[[rule]]
on = "elapsed"
from = ["mended"]
to = "fetched"
by = "system"
"""


class Made:
    """A desk that a seed makes in ``folder``; ``done`` counts the commands that were carried out."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.desk = Desk(folder)
        self.done = 0
        self.clients = [f"Client {n}" for n in range(self.random.randint(1, 3))]
        self.departments = [f"Dep {n}" for n in range(self.random.randint(1, 3))]
        self.teams = ["night", "Tag & Nacht"][: self.random.randint(1, 2)]
        self.plans = ["gold", "iron"]
        self.topics = ["Report", "Report/Outage", "Report/Outage/Büro"][: self.random.randint(1, 3)]
        self.assets = ["PC 1", "Drucker; 2"]
        self.fields: dict[str, str] = {}
        self.people: list[str] = []
        self.staff: list[str] = []

    def tix(
        self, *words: object, as_: str | None = None, must: bool = False, stdin: str | None = None
    ) -> str:
        """One command; the reference it printed, or nothing where it was refused."""
        told = self.desk.tix(*words, as_=as_, check=0 if must else None, stdin=stdin)
        assert told.code in (0, 2, 3, 4, 5), told
        self.done += not told.code
        return told.out.strip() if not told.code else ""

    def some(self, flag: str, values: list[str], chance: float = 0.6) -> list[str]:
        """A flag with one of some values, or not."""
        return [flag, self.random.choice(values)] if values and self.random.random() < chance else []

    def make(self, tickets: int = 6, steps: int = 56) -> Desk:
        """The whole desk."""
        desk, random = self.desk, self.random
        desk.now = "2026-03-02T09:00:00Z"
        self.tix("init", "--prefix", "RT-", must=True)
        self._clocks()
        self._places()
        self._people()
        self._topics()
        if random.random() < 0.3:
            self.tix("workflow", "use", "repairs", must=True)
        if random.random() < 0.7:
            self.tix("config", "set", "billing.rate", random.choice(["80", "33.333"]), must=True)
            self.tix("config", "set", "billing.tax", random.choice(["0", "8.1"]), must=True)
        if random.random() < 0.5:
            self.tix("config", "set", "default_sla", random.choice(self.plans), must=True)
        if random.random() < 0.3:
            self.tix("config", "set", "default_department", random.choice(self.departments), must=True)
        self._schedules()
        refs = []
        for number in range(tickets):
            desk.now = f"2026-03-{3 + number:02}T{random.randint(7, 20):02}:30:00Z"
            refs.append(self._ticket(number))
        refs = [ref for ref in refs if ref]
        assert refs, "no ticket could be raised"
        for step in range(steps):
            desk.now = f"2026-04-{1 + step // 2:02}T{8 + 6 * (step % 2) + random.randint(0, 5):02}:00:00Z"
            self._step(random.choice(refs))
        return desk

    def _clocks(self) -> None:
        random = self.random
        for number, name in enumerate(("Büro", "night shift")):
            country = ["--country", random.choice(["DE-BY", "US", "JP"])] if number else []
            self.tix(
                "calendar", "add", name, "--hours", random.choice(HOURS), "--zone", random.choice(ZONES), *country,
                "--holiday", "2026-04-06=Ostern", "--holiday", "2026-12-24", must=True,
            )  # fmt: skip
        for name in self.plans:
            self.tix(
                "sla", "add", name, "--grace", random.choice(["4h", "3d"]), *self.some("--response", ["30m"]),
                *self.some("--calendar", ["Büro", "night shift"]), *self.some("--override", ["high=1h/10m", "low=9d"]),
                must=True,
            )  # fmt: skip

    def _places(self) -> None:
        (self.desk.folder / "repairs.toml").write_text(OWN)
        self.tix("workflow", "add", "repairs.toml", must=True)
        for number, name in enumerate(self.clients):
            self.tix(
                "client", "add", name, "--domain", f"c{number}.example", *self.some("--rate", ["90", "12.5"]),
                *self.some("--currency", ["eur"]), *self.some("--notes", ["=1+1 \u202e notes"]), must=True,
            )  # fmt: skip
        for name in self.departments:
            self.tix(
                "department", "add", name, *self.some("--sla", self.plans), *self.some("--calendar", ["Büro"]),
                *self.some("--workflow", list(WORKFLOWS)), "--map", "in-progress=received", must=False,
            )  # fmt: skip
            self.tix("department", "add", name, *self.some("--sla", self.plans), "--workflow", "itflow")
        for name in self.teams:
            self.tix("team", "add", name, must=True)
        for name in self.assets:
            self.tix(
                "asset", "add", name, *self.some("--client", self.clients, 0.3), *self.some("--serial", ["007"]),
                *self.some("--kind", ["laptop"]), must=True,
            )  # fmt: skip

    def _people(self) -> None:
        for login in ("ann", "ben", "cid"):
            departments = self.random.choice(["all", "none", ",".join(self.departments)])
            self.tix(
                "user", "add", login, "--role", "agent", "--departments", departments,
                *self.some("--teams", self.teams), *self.some("--away-until", ["2026-04-09"], 0.2), must=True,
            )  # fmt: skip
            self.staff.append(login)
        for login in ("rita", "rolf", "ron"):
            client = self.some("--client", self.clients)
            contact = self.some("--contact", ["primary", "technical,billing"]) if client else []
            self.tix(
                "user", "add", login, "--email", f"{login}@x.example", *client, *contact,
                *self.some("--manager", [*self.people, "ann"]), must=True,
            )  # fmt: skip
            self.people.append(login)

    def _topics(self) -> None:
        for name in self.topics:
            self.tix(
                "topic", "add", name, *self.some("--department", self.departments), *self.some("--sla", self.plans),
                *self.some("--team", self.teams, 0.3), *self.some("--priority", ["high", "low"]), must=True,
            )  # fmt: skip
        for kind, values in KINDS.items():
            choices = ["--choices", "North,South", "--choices", "East"] if kind == "choice" else []
            flags = self.random.choice(
                [[], ["--staff-only"], ["--required-to-close"], ["--default", values[0]]]
            )
            topic = self.random.choice(self.topics)
            self.tix("topic", "field", "add", topic, kind, "--kind", kind, *choices, *flags, must=True)
            self.fields[kind] = topic

    def _schedules(self) -> None:
        """One that cannot be refused, and one of many kinds."""
        random = self.random
        rhythm = random.choice(
            ["weekly", "monthly", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=3", "three-days"]
        )
        plain = ["--subject", "Rounds 東京", "-m", "All\nof them."]
        self.tix(
            "schedule", "add", "Rounds", *plain, "--every", rhythm, "--zone", random.choice(ZONES),
            *self.some("--asset", self.assets), must=True,
        )  # fmt: skip
        self.tix(
            "schedule", "add", "büro; 2", *plain, "--every", "biweekly", "--start", random.choice(["2026-03-05 08:30", "+2d"]),
            *self.some("--topic", self.topics), *self.some("--department", [*self.departments, "none"]),
            *self.some("--sla", [*self.plans, "none"]), *self.some("--assign", ["ann", "none", f"team:{self.teams[0]}"]),
            *self.some("--for", self.people), *self.some("--asset", self.assets, 0.3), *self.some("--due", ["+3d"]),
            *self.some("--tag", ["b,a"]), *self.some("--priority", ["high"]), *self.some("--about", ["plan:7"]),
            *self.some("--category", ["care"]), *self.some("--email", ["a@x.example"]),
        )  # fmt: skip
        if random.random() < 0.3:
            self.tix("schedule", "pause", "Rounds", must=True)

    def _answers(self) -> list[str]:
        given = []
        for kind, values in KINDS.items():
            if self.random.random() < 0.5:
                given += ["--field", f"{kind}={self.random.choice(values).partition(',')[0]}"]
        return given

    def _ticket(self, number: int) -> str:
        as_ = self.random.choice([*self.people, None, None, None])
        staff = ["--for", self.random.choice(self.people), *self.some("--assign", ["ann", "team:night"], 0.3)]
        words = [
            "new", f"Ticket {number}", "-m", "x", *self.some("--topic", self.topics, 0.8), *([] if as_ else staff),
            *self.some("--department", self.departments, 0.3), *self.some("--asset", self.assets, 0.4),
        ]  # fmt: skip
        topic = words[words.index("--topic") + 1] if "--topic" in words else None
        asked = [kind for kind, where in self.fields.items() if topic and f"{topic}/".startswith(f"{where}/")]
        fits = [pair for pair in self._answers() if pair.partition("=")[0] in asked]
        answers = [word for pair in fits for word in ("--field", pair)]
        return (
            self.tix(*words, *answers, as_=as_)
            or self.tix(*words[:4], *(["--for", "rita"] if not as_ else []), as_=as_)
        )  # fmt: skip

    def _step(self, ref: str) -> None:
        random = self.random
        kind = random.choice(list(KINDS))
        answer = ["--field", f"{kind}={random.choice(KINDS[kind]).partition(',')[0]}"]
        verb = random.choice([
            ["reply", ref, "-m", "re"], ["note", ref, "-m", "hush"], ["hold", ref], ["hold", ref], ["start", ref],
            ["resolve", ref], ["close", ref], ["reopen", ref], ["edit", ref, *answer], ["edit", ref, *answer],
            ["edit", ref, "--department", random.choice([*self.departments, "none"])],
            ["edit", ref, "--sla", random.choice([*self.plans, "none"])], ["edit", ref, "--priority", "high"],
            ["edit", ref, "--topic", random.choice(self.topics)], ["edit", ref, "--asset", random.choice(self.assets)],
            ["time", "add", ref, "25m", "-m", "worked"], ["time", "add", ref, "1h", "--no-billable"],
            ["time", "add", ref, "5m", "--minus"], ["time", "start", ref], ["time", "stop", ref, "-m", "worked"],
            ["reply", ref, "-m", "re", "--time", "0:02:35"], ["note", ref, "-m", "hush", "--time", "10m"],
            ["invoice", "create", ref], ["invoice", "create", "--client", random.choice(self.clients)],
            ["invoice", "void", "1"], ["delete", ref, "--yes"] if random.random() < 0.2 else ["note", ref, "-m", "x"],
            ["edit", ref, "--due", random.choice(["+1d", "none"])], ["assign", ref, "ann"],
            ["assign", ref, f"team:{random.choice(self.teams)}"], ["sla", "edit", "gold", "--grace", "6h"],
            ["calendar", "edit", "Büro", "--holiday", "2026-05-01=Tag der Arbeit"], ["tick"], ["edit", ref, "--client", "none"],
        ])  # fmt: skip
        self.tix(
            *verb,
            as_=None
            if verb[0] in ("sla", "calendar", "tick")
            else random.choice([None, None, "rita", "ann"]),
        )
