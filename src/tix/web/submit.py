"""*Submit a ticket*: a form whose fields follow from the help topic; every field that is wrong is named at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tix.desk.resources import resource
from tix.desk.resources.catalog import TYPE
from tix.desk.resources.organisation import DEPARTMENT
from tix.desk.tickets import files as uploads
from tix.desk.tickets import new, request, routing
from tix.domain.people import parse_email
from tix.domain.texts import is_blank
from tix.domain.topics import parse_value
from tix.domain.values import parse_body, parse_line, parse_subject
from tix.errors import InvalidValue, NotAllowed, TixError, UnknownName
from tix.web import files, once
from tix.web.problems import Fault, fault, required
from tix.web.visit import Html, Redirect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.domain.topics import Field
    from tix.web.visit import Answer, Visit

# The names that choosing no help topic, department, type or priority stands for.
_NONE = "none"
_DETAILS = ("department", "type", "priority", "phone", "email", "requester")


def form(visit: Visit) -> Html:
    """Show the form, with the desk's help topic chosen, or the one of the address."""
    return _page(visit, visit.query.get("topic"))


def submit(visit: Visit) -> Answer:
    """Create the ticket; or show the form again, for another help topic or with what is wrong beside each field."""
    given = visit.form
    if given.line("choose"):
        return _page(visit, given.line("topic"))
    fields = _fields(visit, given.line("topic"))
    faults = _checked(visit, fields)
    if not faults:
        try:
            return Redirect(f"/tickets/{_created(visit, fields)}?said=created")
        except TixError as error:
            faults = [fault(visit.words, error, _place(error), "value")]
    return _page(visit, given.line("topic"), faults)


def _created(visit: Visit, fields: Sequence[Field]) -> int:
    given, desk = visit.form, visit.desk
    words: dict[str, Any] = {name: given.given(name) for name in _DETAILS}
    words["topic"] = given.line("topic") or _NONE
    words["answers"] = {
        field.key: given.line(f"f-{field.key}") for field in fields if given.line(f"f-{field.key}")
    }
    words["idempotency_key"] = given.given("once")
    asked = request.parse(desk, words)._replace(
        subject=parse_subject(given.text("subject")),
        body=_body(visit),
        uploads=given.uploads(),
        channel="web",
    )
    return new.open_ticket(desk, asked).ticket.number


def _body(visit: Visit) -> str:
    text = visit.form.text("message")
    if is_blank(text) and not visit.desk.settings.flag("message_required"):
        return ""
    return parse_body(text, "message")


def _checked(visit: Visit, fields: Sequence[Field]) -> list[Fault]:
    """Return what is wrong with each field, in the order of the form."""
    given, desk, words = visit.form, visit.desk, visit.words
    found = [
        _checked_text(visit, "subject", parse_subject, is_required=True),
        _checked_text(visit, "message", parse_body, is_required=desk.settings.flag("message_required")),
    ]
    for field in fields:
        is_required = field.required and field.default is None
        parse = functools.partial(parse_value, field)
        found.append(_checked_text(visit, f"f-{field.key}", parse, is_required=is_required, kind=field.kind))
    try:
        uploads.accept(desk, given.uploads())
    except InvalidValue as error:
        found.append(fault(words, error, "files", "files"))
    found.append(_checked_text(visit, "phone", parse_line))
    found.append(_checked_text(visit, "email", parse_email, kind="email"))
    labels = {
        "subject": words("field.subject"),
        "message": words("field.message"),
        "files": words("field.attachments"),
        "phone": words("field.phone"),
        "email": words("field.email"),
        **{f"f-{field.key}": field.label for field in fields},
    }
    return [one._replace(label=labels[one.field]) for one in found if one is not None]


def _checked_text(
    visit: Visit, name: str, parse: Callable[[str], object], *, is_required: bool = False, kind: str = "value"
) -> Fault | None:
    text = visit.form.text(name)
    if is_blank(text):
        return required(visit.words, name) if is_required else None
    try:
        parse(text)
    except InvalidValue as error:
        return fault(visit.words, error, name, kind)
    return None


def _place(error: TixError) -> str:
    """Return the field that a failure of the whole ticket is about, as far as its kind says."""
    return "requester" if isinstance(error, (UnknownName, NotAllowed)) else ""


def _fields(visit: Visit, topic: str) -> list[Field]:
    known = {one.name for one in routing.topics(visit.desk)}
    asked = visit.desk.asked(topic) if topic in known else []
    return [field for field in asked if visit.desk.actor.is_staff or not field.staff_only]


def _page(visit: Visit, topic: str | None, faults: Sequence[Fault] = ()) -> Html:
    desk = visit.desk
    names = [one.name for one in routing.topics(desk)]
    if topic is None:
        topic = desk.settings.name("default_topic") or ""
    topic = topic if topic in names else ""
    values = {
        "topics": names,
        "topic": topic,
        "fields": _fields(visit, topic),
        "types": [one.name for one in resource.listed(desk, TYPE) if one.active],
        "priorities": [one.name for one in reversed(desk.priorities())],
        "departments": [one.name for one in resource.listed(desk, DEPARTMENT) if one.active],
        "for_others": desk.actor.is_staff or desk.actor.person.sees_others,
        "needs_message": desk.settings.flag("message_required"),
        "given": visit.form.values,
        "once": once.text(visit),
        "limits": files.limits(desk, visit.words),
        "faults": faults,
        "details_open": any(visit.form.line(name) for name in _DETAILS),
    }
    return Html("submit.html", values, 422 if faults else 200)
