"""The description of the API (OpenAPI 3.1), made from the table of routes and the table of a ticket's fields."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import msgspec

from tix import __version__
from tix.api import json_lines, problems
from tix.api.description.codes import EXAMPLES, codes
from tix.api.routes import DOWNLOAD, EXPORT, ROOT, ROUTES, STREAM, Route, schema_of
from tix.render.records import shapes

# What a path says of a parameter's form: ``{file:file}``.
_CONVERTOR = re.compile(r":\w+(?=})")
_TEXT = {"type": ["string", "null"]}
# Where the schemas of records are.
_SCHEMAS = "#/components/schemas/"
# Records of the shell that routes answer, beside those with columns.
_SHARED = ("ListedTicket", "FoundTicket", "Ticket", "Item", "LoggedItem", "Attachment")
_RESULT = {
    "ref": {"type": "string"},
    "state": {"enum": ["done", "already", "failed", "rehearsed", "taken-back"]},
    "ticket": {"anyOf": [{"$ref": "#/components/schemas/Ticket"}, {"type": "null"}]},
    "error": {"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]},
    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
    "merged": _TEXT,
    "written_to": _TEXT,
    "ended": {"type": "boolean"},
}
_UNDONE = {
    "verb": {"type": "string"},
    "at": {"type": "string", "format": "date-time"},
    "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
    "passed": {"type": "array", "items": {"type": "string"}},
}
_BYTES = {"type": "string", "format": "binary"}


def document(root_path: str = "") -> dict[str, Any]:
    """Return the description of an API whose paths begin with ``root_path``."""
    types: list[Any] = [route.body for route in ROUTES if route.body] + [problems.Problem]
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(ROOT + _CONVERTOR.sub("", route.path), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "tix", "version": __version__, "description": "The help desk tix over HTTP."},
        "servers": [{"url": root_path or "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas | _records(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _records() -> dict[str, Any]:
    """The records: those of the shell, and those that only answers have."""
    named = {"Result": _RESULT, "Undone": _UNDONE}
    own = {
        name: {"type": "object", "properties": properties, "required": list(properties)}
        for name, properties in named.items()
    }
    shared = {name: shapes.record(name, _SCHEMAS) for name in _SHARED}
    columns = [_schema(route) for route in ROUTES if route.columns]
    return {"Record": {"type": "object"}, **own, **shared, **shapes.below([shared, columns], _SCHEMAS)}


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _answers(route),
    }
    if route.body is not None or route.takes_files:
        operation["requestBody"] = _body(route)
    return operation


def _answers(route: Route) -> dict[str, Any]:
    """Return the answers by status: those of success, and the problem documents."""
    done = _done(route)
    answers = {str(route.status): done}
    if route.name.endswith("bulk"):
        answers["207"] = {**done, "description": "Some failed; each result says why"}
    if route.is_keyed and route.status == 201:
        answers["200"] = {**done, "description": "The ticket that this Idempotency-Key has written before"}
    if route.answers == DOWNLOAD:
        answers["206"] = {**done, "description": "The part that Range asks for"}
        answers["304"] = {"description": "If-None-Match has the ETag of the file"}
        answers["416"] = {"description": "The file has no such bytes"}
    return answers | {str(status): _problem(status, names) for status, names in codes(route).items()}


# What an answer that is no record is sent as.
_MEDIA: dict[str, tuple[str, dict[str, Any]]] = {
    DOWNLOAD: ("application/octet-stream", _BYTES),
    EXPORT: (json_lines.MEDIA_TYPE, {"type": "string"}),
    STREAM: ("text/event-stream", {"type": "string"}),
}


def _done(route: Route) -> dict[str, Any]:
    done: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    headers: dict[str, dict[str, Any]] = {}
    if route.answers in _MEDIA:
        media, schema = _MEDIA[route.answers]
        done["content"] = {media: {"schema": schema}}
    elif route.answers is not None:
        done["content"] = {"application/json": {"schema": _schema(route)}}
        if route.lines is not None:
            done["content"][json_lines.MEDIA_TYPE] = {"schema": {"type": "string"}}
    if route.answers is not None and (route.versioned or route.answers == DOWNLOAD):
        headers["ETag"] = {"schema": {"type": "string"}}
    if route.has_pages:
        headers["Link"] = {"schema": {"type": "string"}, "description": "The next page: rel=next"}
    if route.is_keyed:
        headers["Idempotency-Replayed"] = {"schema": {"const": "true"}}
    return {**done, "headers": headers} if headers else done


def _schema(route: Route) -> dict[str, Any]:
    """Return what a route answers; of records that the shell does not print the names of their fields."""
    assert route.answers is not None
    if not route.columns:
        return schema_of(route.answers)
    try:
        record: dict[str, Any] = {"$ref": _SCHEMAS + shapes.name_of(tuple(route.columns))}
    except KeyError:
        record = {"type": "object", "properties": {name: {} for name in route.columns}}
    return {"type": "array", "items": record} if route.answers.endswith("[]") else record


def _body(route: Route) -> dict[str, Any]:
    content: dict[str, Any] = {}
    required = True
    form: dict[str, Any] = {"file": {"type": "array", "items": _BYTES}}
    if route.body is None:
        content["application/octet-stream"] = {"schema": _BYTES}
    else:
        schema = {"$ref": f"#/components/schemas/{route.body.__name__}"}
        required = any(one.required for one in msgspec.structs.fields(route.body))
        content["application/json"] = {"schema": schema, "example": EXAMPLES.get(route.name, {})}
        form = {"data": schema, **form}
    if route.takes_files:
        needed = ["file"] if route.body is None else ["data"]
        content["multipart/form-data"] = {
            "schema": {"type": "object", "properties": form, "required": needed},
            "encoding": {"data": {"contentType": "application/json"}} if "data" in form else {},
        }
    return {"required": required, "content": content}


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{id}" in route.path:
        about = "Number or reference of the ticket, e.g. 12 or TIX-12"
        found.append(_parameter("id", "path", {"type": "string"}, required=True, description=about))
    for name, about in (("file", "Id of the file"), ("entry", "Number of the time entry")):
        if f"{{{name}:" in route.path:
            found.append(_parameter(name, "path", {"type": "integer"}, required=True, description=about))
    if "{name:path}" in route.path:
        about = "Name, as the list has it; a slash in it is part of the path"
        found.append(_parameter("name", "path", {"type": "string"}, required=True, description=about))
    _, schemas = msgspec.json.schema_components([route.query])
    properties: dict[str, dict[str, Any]] = dict(schemas[route.query.__name__]["properties"])
    if not route.shapes:
        properties.pop("fields", None)
    required = {one.encode_name for one in msgspec.structs.fields(route.query) if one.required}
    found += [_parameter(name, "query", one, required=name in required) for name, one in properties.items()]
    if route.answers == STREAM:
        about = "The id of the last event received: the stream continues after it"
        found.append(_parameter("Last-Event-ID", "header", {"type": "string"}, description=about))
    if route.takes_files and route.body is None:
        about = 'The name of a file that is the whole body: attachment; filename="a.pdf"'
        found.append(_parameter("Content-Disposition", "header", {"type": "string"}, description=about))
    if route.is_keyed:
        found.append(_parameter("Idempotency-Key", "header", {"type": "string", "maxLength": 255}))
    if route.heeds_version:
        version = {"type": "string", "pattern": '^(W/)?"[0-9]{1,15}"$'}
        found.append(_parameter("If-Match", "header", version, required=route.needs_version))
    return found


def _parameter(
    name: str, place: str, schema: dict[str, Any], *, required: bool = False, **more: Any
) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema, **more}


def _problem(status: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the problem document of a status, with the codes it may have and an example."""
    whole = {"$ref": "#/components/schemas/Problem"}
    exact = {"properties": {"status": {"const": status}, "code": {"enum": list(names)}}}
    title = HTTPStatus(status).phrase
    example = problems.Problem("about:blank", title, status, names[0], "…", None, 2)
    content = {"schema": {"allOf": [whole, exact]}, "example": msgspec.to_builtins(example)}
    return {
        "description": f"{title}: {', '.join(names)}",
        "content": {problems.MEDIA_TYPE: content},
    }
