"""The page in a real browser: the requesters' stories of both manuals, by keyboard, on three screens, without scripts."""

import shutil
from pathlib import Path

import pytest

from tests.web.conftest import PASSWORD

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, which is not installed")
pytestmark = [pytest.mark.long, pytest.mark.needs("chromium")]

WIDTHS = (360, 768, 1280)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The checks of axe-core, as a script."""
    package = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")
    return (Path(package.__file__).parent / "axe.min.js").read_text()


def opened(chromium, web, width: int, **more):
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="en-GB", **more)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
    page.on(
        "request",
        lambda asked: page.complaints.append(asked.url) if f":{web.port}/" not in asked.url else None,
    )
    page.goto(f"http://127.0.0.1:{web.port}/")
    return page


def typed(page, label: str, text: str) -> None:
    page.get_by_label(label, exact=False).first.focus()
    page.keyboard.type(text)


def press(page, name: str) -> None:
    """Press a button by the keyboard."""
    page.get_by_role("button", name=name, exact=True).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def is_fitting(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_in(page, who: str) -> None:
    typed(page, "User name", who)
    typed(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_requester_lives_their_story_by_keyboard_without_scripts(web, chromium, tmp_path, width):
    page = opened(chromium, web, width, java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    sign_in(page, "ana")
    page.get_by_role("link", name="Submit a ticket").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/new")
    assert page.get_by_label("Help topic").input_value() == "IT support"
    page.get_by_label("Help topic").select_option("CRM support")
    press(page, "Choose")
    typed(page, "Subject", "Cannot log in")
    typed(page, "Message", "Since nine.")
    typed(page, "Issue", "Login")
    page.get_by_label("Brand").select_option("North")
    (tmp_path / "shot.png").write_bytes(PNG)
    page.get_by_label("Attachments").set_input_files(tmp_path / "shot.png")
    assert is_fitting(page)
    press(page, "Submit")
    page.wait_for_url("**/tickets/2?said=created")
    assert page.get_by_role("link", name="shot.png").is_visible()
    web.shell.tix("reply", 2, "-m", "Try again, please.", as_="sam")
    web.shell.tix("resolve", 2, as_="sam")
    page.goto(f"http://127.0.0.1:{web.port}/tickets?show=closed")
    assert is_fitting(page)
    page.get_by_role("link", name="Cannot log in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/2")
    typed(page, "Message", "It still fails.")
    press(page, "Send")
    page.wait_for_url("**/tickets/2?said=sent#end")
    assert page.get_by_text("the solution was not accepted").is_visible()
    web.shell.tix("resolve", 2, as_="sam")
    page.goto(f"http://127.0.0.1:{web.port}/tickets/2")
    page.get_by_label("1 of 5 stars").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    press(page, "Rate")
    page.wait_for_url("**said=rated#end")
    assert is_fitting(page)
    assert page.complaints == []
    assert web.shell.tix("show", 2, "--json").json["rating"] == 5
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_keeps_people_out_of_the_page(web, chromium, axe, width, scheme):
    """As far as axe-core finds it; and nothing scrolls sideways."""
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202elive ' + "W" * 96
    web.shell.tix("new", hostile, "-m", hostile, "--for", "ana", "--topic", "none")
    found = []
    for who, paths in (
        ("ana", ("/", "/tickets", "/tickets/new", "/tickets/1", "/tickets/2", "/preferences", "/tickets/77")),
        ("sam", ("/", "/queue", "/queue?status=opened", "/tickets/1")),
    ):
        page = opened(chromium, web, width, color_scheme=scheme)
        looked = ["/sign-in", *paths]
        for path in looked:
            if path != "/sign-in":
                page.goto(f"http://127.0.0.1:{web.port}{path}")
            for step in page.query_selector_all("details"):
                step.evaluate("one => one.open = true")
            said = page.evaluate(
                f"() => {{ {axe}; return axe.run().then(it => it.violations.map(one => [one.id, one.nodes.map(node => node.html)])); }}"
            )
            found += [(who, path, *one) for one in said]
            assert is_fitting(page), (who, path)
            if path == "/sign-in":
                sign_in(page, who)
        assert [one for one in page.complaints if "404" not in one] == []
        page.context.close()
    assert found == []
