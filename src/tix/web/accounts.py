"""Sign in and out, passwords, and the links that mails contain. Opening a link spends nothing: mail scanners open them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tix.api.problems import status_of
from tix.desk.accounts import passwords, ratings, resets, sessions, sign_in, sign_in_links
from tix.domain.accounts.passwords import SHORTEST
from tix.domain.texts import is_blank
from tix.domain.tickets.lifecycle import parse_stars
from tix.errors import InvalidValue, NotFound, Throttled, TixError
from tix.web.problems import Fault, fault, required
from tix.web.visit import Html, Redirect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.web.visit import Answer, Visit

# Where somebody may be sent after signing in: pages of this desk, and nowhere else.
_WAYS_BACK = re.compile(r"/(?:|queue|preferences|tickets(?:/[A-Za-z0-9-]{1,40})?)")


def sign_in_form(visit: Visit) -> Answer:
    """Show the form; who is signed in goes on to where they wanted to."""
    if visit.visitor is not None:
        return Redirect(_way_back(visit.query.get("to", "")))
    return _sign_in_page(visit, visit.query.get("to", ""))


def sign_in_(visit: Visit) -> Answer:
    """Sign in by name and password."""
    form = visit.form
    missing = [required(visit.words, name) for name in ("name", "password") if is_blank(form.text(name))]
    if missing:
        return _sign_in_page(visit, form.line("to"), missing, 422)
    try:
        signed_in = sign_in.sign_in(
            visit.store,
            form.line("name"),
            form.values.get("password", ""),
            source=visit.source,
            agent=visit.agent,
            now=visit.now,
            old=visit.old_key,
        )
    except TixError as error:
        return _refused(
            error, _sign_in_page(visit, form.line("to"), [fault(visit.words, error)], status_of(error))
        )
    return Redirect(_way_back(form.line("to")), key=signed_in.key)


def _sign_in_page(visit: Visit, to: str, faults: Sequence[Fault] = (), status: int = 200) -> Html:
    values = {
        "to": _way_back(to),
        "name": visit.form.line("name"),
        "faults": faults,
        "resets": resets.is_offered(visit.store),
        "links": sign_in_links.is_offered(visit.store),
    }
    return Html("sign_in.html", values, status)


def _way_back(text: str) -> str:
    return text if re.fullmatch(_WAYS_BACK, text) else "/"


def _refused(error: TixError, page: Html) -> Html:
    """Return the page of a failure; who has tried too often is told when to try again."""
    if isinstance(error, Throttled):
        return page._replace(headers={"Retry-After": str(error.retry_after)})
    return page


def sign_out(visit: Visit) -> Answer:
    """End this session."""
    assert visit.visitor is not None
    sign_in.sign_out(visit.store, visit.visitor.key)
    return Redirect("/sign-in?said=signed-out", key="")


def sign_out_everywhere(visit: Visit) -> Answer:
    """End all sessions of the visitor."""
    sessions.sign_out_everywhere(visit.desk)
    return Redirect("/sign-in?said=signed-out-everywhere", key="")


# ------------------------------------------------------------------------------------------------ passwords


def change_password(visit: Visit) -> Answer:
    """Set a new password; all other sessions end, and this one goes on with a new key."""
    from tix.web import choices

    assert visit.visitor is not None
    form, new = visit.form, visit.form.values.get("new", "")
    faults = _new_password(visit)
    if is_blank(form.text("current")):
        faults.insert(0, required(visit.words, "current"))
    if faults:
        return choices.page(visit, faults, 422)
    try:
        signed_in = passwords.change(
            visit.store,
            visit.visitor.session,
            form.values.get("current", ""),
            new,
            source=visit.source,
            agent=visit.agent,
            now=visit.now,
        )
    except TixError as error:
        where = "new" if isinstance(error, InvalidValue) else "current"
        found = fault(visit.words, error, where, "password")
        return _refused(error, choices.page(visit, [found], status_of(error)))
    return Redirect("/preferences?said=password-set", key=signed_in.key)


def _new_password(visit: Visit) -> list[Fault]:
    new, again = (visit.form.values.get(name, "") for name in ("new", "again"))
    if is_blank(new):
        return [required(visit.words, "new")]
    if new != again:
        return [Fault(visit.words("error.passwords"), visit.words.language, "again")]
    return []


# ----------------------------------------------------------------------------------------- links from mails


def reset_form(visit: Visit) -> Html:
    """Ask whose password it is; or with a link for the new one. Raises LinkExpired, NotFound where it is not offered."""
    return _link_form(visit, resets, "reset")


def reset(visit: Visit) -> Answer:
    """Mail a link to somebody who says who they are; or with a link set the password."""
    link = visit.form.line("link")
    if not link:
        return _requested(visit, resets, "reset")
    faults = _new_password(visit)
    if faults:
        return _link_page("reset.html", link, faults, 422)
    try:
        resets.reset(visit.store, link, visit.form.values.get("new", ""), now=visit.now)
    except InvalidValue as error:
        return _link_page("reset.html", link, [fault(visit.words, error, "new", "password")], 422)
    return Redirect("/sign-in?said=password-set", key="")


def link_form(visit: Visit) -> Html:
    """Ask whom to mail a link that signs in; or with one for the button that uses it. Raises LinkExpired, NotFound."""
    return _link_form(visit, sign_in_links, "link")


def link_(visit: Visit) -> Answer:
    """Mail a link to somebody who says who they are; or with a link sign them in."""
    link = visit.form.line("link")
    if not link:
        return _requested(visit, sign_in_links, "link")
    signed_in = sign_in_links.use(
        visit.store, link, source=visit.source, agent=visit.agent, now=visit.now, old=visit.old_key
    )
    return Redirect("/", key=signed_in.key)


def _link_form(visit: Visit, links: Any, name: str) -> Html:
    """Show the form of a kind of link, with the one that was followed; looking at it spends nothing."""
    link = visit.query.get("token", "")
    if link:
        links.person_of(visit.store, link, visit.now)
    elif not links.is_offered(visit.store):
        raise NotFound("this desk mails no such links")
    return _link_page(f"{name}.html", link)


def _requested(visit: Visit, links: Any, name: str) -> Answer:
    """Ask for a mail; whoever it is, the answer is the same."""
    if is_blank(visit.form.text("name")):
        return _link_page(f"{name}.html", "", [required(visit.words, "name")], 422)
    links.request(visit.store, visit.form.line("name"), source=visit.source, now=visit.now)
    return Redirect(f"/sign-in?said={name}-sent")


def _link_page(
    template: str, link: str, faults: Sequence[Fault] = (), status: int = 200, **more: Any
) -> Html:
    return Html(template, {"link": link, "faults": faults, "shortest": SHORTEST, **more}, status)


def rating_form(visit: Visit) -> Html:
    """Show the stars for the ticket of a link. Raises LinkExpired."""
    link = visit.query.get("token", "")
    return _rating_page(visit, link)


def rate(visit: Visit) -> Answer:
    """Rate the ticket of a link. Raises LinkExpired."""
    form, link = visit.form, visit.form.line("link")
    if not form.line("stars"):
        return _rating_page(visit, link, [required(visit.words, "stars-1")], 422)
    try:
        stars = parse_stars(form.line("stars"))
        ratings.rate(visit.store, link, stars, form.text("comment"), now=visit.now)
    except InvalidValue as error:
        return _rating_page(visit, link, [fault(visit.words, error, "stars-1", "value")], 422)
    return Redirect("/rate?said=rated")


def _rating_page(visit: Visit, link: str, faults: Sequence[Fault] = (), status: int = 200) -> Html:
    """Return the form; without a link, it was just used."""
    rated = visit.query.get("said") == "rated" and not link
    ticket = None if rated else ratings.ticket_of(visit.store, link, visit.now)
    subject = None if ticket is None else ticket.subject
    return _link_page("rate.html", link, faults, status, subject=subject, given=visit.form.values)
