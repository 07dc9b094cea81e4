"""`tix prime`, the skill and AGENTS.md: what an AI agent is told; its lines are run with the examples of the help."""

from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli.help import layout, prime
from tix.domain.permissions import PERMISSIONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("who", [None, "sam", "lan"])
def test_it_fits_sixty_lines_and_says_who_acts(peopled: Shell, who: str | None):
    """Also wrapped for a terminal; with what the role may not do, or may."""
    told = peopled.tix("prime", as_=who).out
    wide = layout.draw(told, layout.WIDEST)
    assert len(told.splitlines()) <= len(wide.splitlines()) <= prime.MOST_LINES
    assert f"You act as {who or peopled.tix('whoami', '--json').json['login']}, role " in told
    assert ("tix note 12" in told) is (who != "lan")
    if who == "sam":
        assert "You may not: " in told
        assert "delete" in told.partition("You may not: ")[2].partition(".")[0]
    if who == "lan":
        assert "note" not in told.partition("You may, on tickets you see: ")[2].partition(".")[0]


def test_it_says_what_matters(peopled: Shell):
    told = peopled.tix("prime").out
    for word in (
        "untrusted",
        "--dry-run",
        "--idempotency-key",
        "--if-version",
        "--json",
        "tix schema",
        "tix help",
        "--read-only",
    ):
        assert word in told, word


def test_it_works_without_a_desk_and_makes_none(desk: Shell):
    assert "There is no desk yet" in desk.tix("prime").out
    assert not desk.store.exists()


def test_it_works_for_a_stranger_and_without_its_server(peopled: Shell):
    assert "The desk cannot be read: no person named 'nobody'" in peopled.tix("prime", as_="nobody").out
    assert "The desk cannot be read: " in peopled.tix("prime", env={"TIX_STORE": "http://127.0.0.1:9"}).out
    assert peopled.tix("prime", "--read-only").out


def test_names_of_people_and_places_are_one_line(peopled: Shell):
    place = peopled.folder / "a\x1b[2J\nb.db"
    peopled.tix("init", "--store", place)
    told = peopled.tix("prime", "--store", place).out
    assert "\x1b" not in told
    assert "\nb.db" not in told


def test_the_skill_is_installed_with_the_program(desk: Shell):
    folder = Path(desk.tix("prime", "--skill").out.strip())
    text = (folder / "SKILL.md").read_text()
    assert text.startswith("---\nname: tix\ndescription: ")
    assert "untrusted" in text
    assert ROOT / "src" / "tix" in folder.parents


def test_nobody_may_everything_but_admins():
    assert all(row.admin != "no" for row in PERMISSIONS.values())
