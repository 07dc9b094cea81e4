"""Signing in and out, passwords, and the links of mails."""

import re

import pytest

from tests.web.conftest import PASSWORD
from tix.desk.context import Desk
from tix.desk.mail import delivery
from tix.domain.people import Actor
from tix.mail import letters
from tix.mail.mime.message import read
from tix.store import people
from tix.store.open import open_store

NEW = "a new sentence to keep"


@pytest.fixture
def mailed(web):
    """The links in the mails that the desk would send: a function that returns the newest one to an address."""
    for key, value in (
        ("web.url", f"http://127.0.0.1:{web.port}"),
        ("web.sign_in_links", "true"),
        ("mail.from_address", "desk@x.example"),
    ):
        web.shell.tix("config", "set", key, value)

    def link(path: str) -> str:
        store = open_store(web.shell.store)
        try:
            ada = Desk(store, Actor(people.by_login(store, "ada")), web.now)
            found = []
            for id in delivery.due(ada, web.now, 100):
                leased = delivery.lease(ada, id, "me", web.now)
                letter = delivery.letter(ada, leased, web.now)
                if letter is not None:
                    found.append(read(letters.raw(letter, web.now)).text)
        finally:
            store.close()
        return re.findall(rf"http://127\.0\.0\.1:\d+(/{path}\?token=[\w-]+)", "\n".join(found))[-1]

    return link


def test_signing_in_leads_to_the_page_that_was_asked_for_and_out_ends_the_session(web):
    ana = web.browser()
    page = ana.get("/tickets/1")
    assert (page.path, page.status) == ("/sign-in?to=/tickets/1", 200)
    page = ana.submit("/sign-in", name="ANA@x.example", password=PASSWORD)
    assert (page.path, page.status) == ("/tickets/1", 200)
    key = ana.jar["tix"]
    assert "You are signed out." in ana.submit("/sign-out").text
    assert "tix" not in ana.jar
    ana.jar["tix"] = key
    assert ana.send("GET", "/tickets/1").status == 303


def test_unknown_wrong_and_inactive_are_told_the_same(web):
    web.shell.tix("user", "edit", "kim", "--inactive")
    said = set()
    for name, password in (
        ("ana", "wrong password"),
        ("nobody", PASSWORD),
        ("kim", PASSWORD),
        ("ana", "x" * 5000),
    ):
        stranger = web.browser()
        stranger.get("/sign-in")
        page = stranger.submit("/sign-in", name=name, password=password)
        assert page.status == 401
        assert "tix" not in stranger.jar
        said.add(page.text)
        assert page.form("/sign-in").values == {
            "token": page.form("/sign-in").values["token"],
            "to": "/",
            "name": name,
            "password": "",
        }
    assert len(said) == 1


def test_too_many_tries_are_told_when_to_try_again(web):
    stranger = web.browser()
    stranger.get("/sign-in")
    pages = [stranger.submit("/sign-in", name="ana", password="wrong password") for _ in range(7)]
    assert [page.status for page in pages][-1] == 429
    assert int(pages[-1].headers["retry-after"]) > 0
    assert PASSWORD not in "".join(web.log)


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/tickets/../..",
        "/sign-out",
        "javascript:1",
        "/tickets/1\n",
    ],
)
def test_the_way_back_leads_nowhere_else(web, to):
    ana = web.browser()
    page = ana.get("/sign-in")
    values = {**page.form("/sign-in").values, "name": "ana", "password": PASSWORD, "to": to}
    sent = ana.post("/sign-in", values)
    assert (sent.status, sent.headers["location"]) == (
        303,
        "/tickets/1" if to.strip() == "/tickets/1" else "/",
    )


def test_a_planted_session_or_form_is_never_used_on(web):
    """Session fixation, and signing somebody in as somebody else (login CSRF)."""
    attacker = web.browser("ben")
    planted = attacker.jar["tix"]
    victim = web.browser()
    victim.jar["tix"] = "A" * 43
    victim.get("/sign-in")
    victim.submit("/sign-in", name="ana", password=PASSWORD)
    assert victim.jar["tix"] not in ("A" * 43, planted)
    other = web.browser()
    other.get("/sign-in")
    values = {"name": "ben", "password": PASSWORD, "token": attacker.token, "to": "/"}
    assert other.post("/sign-in", values).status == 403
    other.jar.clear()
    assert (
        other.post("/sign-in", {**values, "token": other.page.form("/sign-in").values["token"]}).status == 403
    )


def test_the_cookies_are_out_of_reach_and_for_tls_alone_behind_it(web):
    ana = web.browser()
    ana.get("/sign-in")
    sent = ana.post("/sign-in", {**ana.page.form("/sign-in").values, "name": "ana", "password": PASSWORD})
    assert all("HttpOnly" in one and "SameSite=lax" in one and "Secure" not in one for one in sent.cookies)
    web.shell.tix("config", "set", "web.url", "https://desk.example")
    assert ana.send("GET", "/tickets").status == 303  # a name that other sites of the domain could set
    page = ana.get("/sign-in")
    sent = ana.post("/sign-in", {**page.form("/sign-in").values, "name": "ana", "password": PASSWORD})
    assert [
        one.startswith("__Host-tix=") and "Secure" in one and "Path=/" in one and "Domain" not in one
        for one in sent.cookies
    ] == [True]
    assert ana.send("GET", "/tickets").status == 200


def test_a_new_password_signs_out_everywhere_else_and_keeps_this_browser(web):
    here, there = web.browser("ana"), web.browser("ana")
    page = here.get("/preferences")
    assert page.text.count("127.0.0.1") == 2
    for fields, place in (
        ({"current": "wrong password", "new": NEW, "again": NEW}, "current"),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "new"),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "x"}, "again"),
        ({"current": "", "new": NEW, "again": NEW}, "current"),
    ):
        page = here.submit("/password", **fields)
        assert (page.status >= 400, f'href="#{place}"' in page.html) == (True, True), fields
        assert NEW not in page.html
    before = here.jar["tix"]
    page = here.submit("/password", current=PASSWORD, new=NEW, again=NEW)
    assert "Your password is set" in page.text
    assert here.jar["tix"] != before
    assert there.send("GET", "/tickets").status == 303
    again = web.browser("ben")
    again.get("/preferences")
    again.submit("/sign-out/everywhere")
    assert "signed out on all devices" in again.page.text


def test_a_forgotten_password_is_set_by_a_link_that_works_once(web, mailed):
    ana = web.browser()
    ana.get("/sign-in")
    ana.follow("Forgotten your password, or no password yet?")
    answers = [ana.get("/reset") and ana.submit("/reset", name=name) for name in ("nobody", "ana")]
    assert answers[0].raw == answers[1].raw
    link = mailed("reset")
    for _ in range(2):
        ana.get(link)  # a scanner of mails opens it, too
    assert ana.submit("/reset", new="short", again="short").status == 422
    ana.submit("/reset", new=NEW, again=NEW)
    assert "Your password is set" in ana.page.text
    ana.submit("/sign-in", name="ana", password=NEW)
    assert "My tickets" in ana.page.text
    gone = web.browser().get(link)
    assert (gone.status, "link" in gone.text) == (410, True)
    assert not any("token" in line for line in web.log)


def test_a_link_signs_in_once_and_not_by_being_opened(web, mailed):
    ana = web.browser()
    ana.get("/sign-in/link")
    ana.submit("/sign-in/link", name="ana")
    assert "link to sign in is on its way" in ana.page.text
    link = mailed("sign-in/link")
    ana.get(link)
    assert "tix" not in ana.jar
    ana.submit("/sign-in/link")
    assert "How can we help," in ana.page.text
    assert web.browser().get(link).status == 410


def test_links_that_the_desk_does_not_mail_are_not_offered(web):
    page = web.browser().get("/sign-in")
    assert {
        "Forgotten your password, or no password yet?",
        "Sign in with a link by mail",
    } & page.links.keys() == set()
    for path in ("/reset", "/sign-in/link", "/rate"):
        assert web.browser().get(path).status in (404, 410), path
    for path in ("/reset?token=x", "/sign-in/link?token=" + "A" * 43, "/rate?token=%00"):
        assert web.browser().get(path).status == 410, path


def test_the_closing_mail_has_a_link_that_rates_once(web, mailed):
    web.shell.tix("resolve", 1, as_="sam")
    link = mailed("rate")
    stranger = web.browser()
    page = stranger.get(link)
    assert ("Printer is on fire" in page.text, "canary" in page.html) == (True, False)
    page = stranger.submit("/rate", stars="5", comment="Thanks!")
    assert "Thank you for rating." in page.text
    assert web.shell.tix("show", 1, "--json").json["rating"] == 5
    assert web.browser().get(link).status == 410
