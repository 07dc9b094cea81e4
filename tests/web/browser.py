"""A browser without scripts: it follows links and redirects, keeps cookies, and fills in the forms of a page."""

import http.client
import re
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from tix.domain.accounts import sessions

VOID = frozenset("input br hr img link meta wbr".split())


class Form:
    """A form of a page: its address, its fields with what is in them, and its buttons."""

    def __init__(self, given: dict[str, str]) -> None:
        self.action, self.method = given.get("action", ""), given.get("method", "get").lower()
        self.encoding = given.get("enctype", "application/x-www-form-urlencoded")
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self.required: set[str] = set()
        self.buttons: list[tuple[str, str]] = []


class Page(HTMLParser):
    """An answer: its status, headers and text, and what its HTML has."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.status, self.path, self.raw = status, path, body
        self.cookies = [value for name, value in headers if name.lower() == "set-cookie"]
        self.headers = {name.lower(): value for name, value in headers}
        self.html = (
            body.decode(errors="replace") if "text/html" in self.headers.get("content-type", "") else ""
        )
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words = ""
        self._select = self._option = self._area = self._link = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        """What is read on the page, on one line."""
        return " ".join(self.words.split())

    def form(self, ending: str) -> Form:
        """The form whose address ends so."""
        found = [one for one in self.forms if one.action.endswith(ending)]
        assert len(found) == 1, (ending, [one.action for one in self.forms], self.text)
        return found[0]

    def ids(self) -> set[str]:
        return {given["id"] for _, given in self.elements if "id" in given}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "form":
            self.forms.append(Form(given))
        elif tag == "a" and "href" in given:
            self._link = given["href"]
        elif tag in ("input", "select", "textarea", "button") and self.forms and "form" in self.open:
            self._field(tag, given)
        elif tag == "option" and self._select is not None:
            self._option = given.get("value")
            if "selected" in given or self._select not in self.forms[-1].values:
                self.forms[-1].values[self._select] = self._option or ""

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name")
        if name is None:
            return
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
            return
        form.names.add(name)
        if "required" in given:
            form.required.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.values[name] = ""
        elif given.get("type") not in ("file", "radio") or "checked" in given:
            form.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or (self.open and self.open.pop() == tag), (tag, self.open, self.path)
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            before = self.forms[-1].values[self._area]
            # The first line end after the tag is none of the text (HTML, 13.1.2.5).
            self.forms[-1].values[self._area] = before + (data if before else data.removeprefix("\n"))
            return
        self.words += " " + data
        if self._link is not None and data.strip():
            self.links.setdefault(" ".join(data.split()), self._link)


class File(NamedTuple):
    """A file to send with a form."""

    name: str
    data: bytes


class Browser:
    """Cookies, and the page that is shown. ``asked`` are headers that go with every request."""

    def __init__(self, port: int, **asked: str) -> None:
        self.port, self.asked = port, {name.replace("_", "-"): value for name, value in asked.items()}
        self.jar: dict[str, str] = {}
        self.page = Page(0, [], b"", "/")

    @property
    def token(self) -> str:
        """What each form of this session carries."""
        return sessions.csrf(self.jar["tix"])

    def get(self, path: str, **headers: str) -> Page:
        """Open an address, and follow redirects."""
        page = self.send("GET", urljoin(self.page.path, path), **headers)
        for _ in range(5):
            if page.status not in (302, 303):
                break
            page = self.send("GET", urljoin(page.path, page.headers["location"]))
        self.page = page
        return page

    def follow(self, words: str) -> Page:
        """Follow the link with these words."""
        return self.get(self.page.links[words])

    def submit(
        self, ending: str, *, press: str = "", files: dict[str, list[File]] | None = None, **fields: str
    ) -> Page:
        """Fill in the form whose address ends so, and press its button ``NAME=VALUE``, or its first."""
        form = self.page.form(ending)
        unknown = fields.keys() - form.names
        assert not unknown, (unknown, form.names)
        values = {**form.values, **fields}
        if press:
            name, _, value = press.partition("=")
            assert (name, value) in form.buttons, (press, form.buttons)
            values[name] = value
        return self.sent(form, values, files or {})

    def sent(self, form: Form, values: dict[str, str], files: dict[str, list[File]]) -> Page:
        address = urljoin(self.page.path, form.action)
        if form.method == "get":
            return self.get(urlsplit(address).path + "?" + urlencode(values))
        page = self.post(address, values, files if form.encoding.startswith("multipart") else None)
        if page.status == 303:
            return self.get(page.headers["location"])
        self.page = page
        return page

    def post(
        self,
        path: str,
        values: dict[str, str],
        files: dict[str, list[File]] | None = None,
        **headers: str,
    ) -> Page:
        """Send a form as a browser does on a page of this site."""
        if files is None:
            body, kind = urlencode(values).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = multipart(values, files)
        given = {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": kind,
        }
        return self.send("POST", path, body, **given, **headers)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: Any) -> Page:
        given = {**self.asked, **{name.replace("_", "-"): value for name, value in headers.items()}}
        given = {name: value for name, value in given.items() if value is not None}
        if self.jar and "Cookie" not in given:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            client.request(method, path, body, given)
            answer = client.getresponse()
            page = Page(answer.status, answer.getheaders(), answer.read(), path)
        finally:
            client.close()
        for cookie in page.cookies:
            name, value = re.match(r"([^=]+)=([^;]*)", cookie).groups()
            if value.strip('"'):
                self.jar[name] = value
            else:
                self.jar.pop(name, None)
        return page


def multipart(values: dict[str, str], files: dict[str, list[File]]) -> tuple[bytes, str]:
    """A form as browsers send it (HTML, 4.10.21.8): quotes and line ends in names escaped."""
    mark, parts = b"----tix-boundary-4711", []
    for name, value in values.items():
        head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        parts.append(head + value.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    for name, sent in files.items():
        for one in sent or [File("", b"")]:
            label = one.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            head = f'Content-Disposition: form-data; name="{name}"; filename="{label}"\r\n'.encode()
            parts.append(head + b"Content-Type: application/octet-stream\r\n\r\n" + one.data)
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"
    return body, f"multipart/form-data; boundary={mark.decode()}"
