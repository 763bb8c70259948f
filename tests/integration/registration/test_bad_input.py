"""The whole public surface under hostile input: never a failure of ours, always an answer one can read, text shown as text."""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from chassis.health import Probes
from services.registration.app import build
from tests.integration.registration.conftest import House
from tests.integration.registration.hostile import BYTES, MARK, TEXTS

SLUG = "au-comptoir"
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
KNOWN_IDS = ("00000000-0000-0000-0000-000000000001", "R-7K4QX-9M2TC", SLUG)
QUERIES = ("token", "q", "territoire", "territory", "chez", "apres", "mois", "format", "demande", "page", "cursor", "limit", "from", "to", "vue")  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One route as it is called."""

    method: str
    path: str
    parameters: tuple[str, ...]
    queries: tuple[str, ...] = field(compare=False)

    @property
    def is_page(self) -> bool:
        return not self.path.startswith("/api/")

    def at(self, value: str, *, known: str = SLUG) -> str:
        """The path with one hostile value in its first place, and something known in the others."""
        path = self.path
        for number, name in enumerate(self.parameters):
            filled = quote(value, safe="") if number == 0 else known
            path = re.sub(rf"{{{name}(:\w+)?}}", filled.replace("\\", "\\\\"), path)
        return path


def addresses() -> Iterator[Address]:
    """Every route, public or not: those of organisers are called by strangers as well."""
    seen = set()
    for route in iter_route_contexts(build(Probes()).routes):
        path = route.path or ""
        for method in sorted(route.methods or ()):
            if (method, path) not in seen and method != "HEAD" and path not in ("/healthz", "/readyz", "/metrics"):
                seen.add((method, path))
                names = tuple(re.findall(r"{(\w+)(?::\w+)?}", path))
                dependant = getattr(route.original_route, "dependant", None)
                asked = tuple(sorted({*QUERIES, *_queries(dependant)}))
                yield Address(method, path, names, asked)


def _queries(dependant: object) -> Iterable[str]:
    if dependant is None:
        return
    for parameter in getattr(dependant, "query_params", ()):
        annotation = getattr(parameter.field_info, "annotation", None)
        fields = getattr(annotation, "model_fields", None)
        yield from (f.alias or name for name, f in fields.items()) if fields else (parameter.alias,)
    for part in getattr(dependant, "dependencies", ()):
        yield from _queries(part)


ALL = sorted(addresses(), key=lambda address: (address.path, address.method))
WITH_PLACES = [address for address in ALL if address.parameters]
READ = [address for address in ALL if address.method == "GET"]
FORMS = [address for address in ALL if address.method == "POST" and address.is_page]
ONCE = [address for address in ALL if not address.path.startswith("/en/")]
BODIES = [address for address in ALL if address.method in ("POST", "PATCH", "PUT") and not address.is_page]


def _name(address: Address) -> str:
    return f"{address.method} {address.path}"


def some(address: Address) -> Sequence[str]:
    """All values; of a page in another language, which is the same code, every fifth."""
    return TEXTS[::5] if address.path.startswith("/en/") else TEXTS


@pytest.fixture
async def visitor(app: FastAPI, house: House) -> AsyncIterator[httpx.AsyncClient]:
    await house.meetup(slug=SLUG, capacity=1000)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.example", headers=BROWSER) as client:
        yield client


_ELSEWHERE = re.compile(r"\s*(javascript:|data:(?!image|,$)|//|https?://evil)")


class _Reader(HTMLParser):
    """Notes what a browser would make of a page: elements, handlers and scripts that we did not write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = value or ""
            # An address of ours may carry what was asked, encoded.
            points = name in ("href", "src", "style") and MARK in text and not text.startswith("/")
            if MARK in tag or MARK in name or name.startswith("on") or points:
                self.strange.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action") and _ELSEWHERE.match(text):
                self.strange.append(f"<{tag} {name}={value!r}>")
        if (
            tag == "script"
            and not (dict(attrs).get("src") or "").startswith("/static/")
            and dict(attrs).get("type") != "application/ld+json"
        ):
            self.strange.append("<script>")


def readable(response: httpx.Response, address: Address, sent: object) -> None:
    """An answer that a person or a program can use, whatever was sent."""
    said = f"{response.request.method} {response.request.url} <- {sent!r}: {response.status_code}"
    assert response.status_code < 500, said
    assert "set-cookie" not in response.headers, said
    kind = response.headers.get("content-type", "")
    if response.status_code >= 400:
        if address.is_page and "text/html" in response.request.headers.get("accept", ""):
            assert kind.startswith("text/html"), said
        else:
            assert kind.startswith(("application/problem+json", "text/html")), said
    if kind.startswith("text/html"):
        language = "en" if response.request.url.path.startswith("/en/") else "fr"
        assert f'<html lang="{language}"' in response.text or address.path.startswith("/docs"), said
        assert re.search(r"<h1[ >]", response.text), said
        reader = _Reader()
        reader.feed(response.text)
        assert reader.strange == [], said
        assert "49" + MARK not in response.text, said  # 7*7, worked out by a template
    assert "Traceback" not in response.text, said
    location = response.headers.get("location", "")
    assert not re.match(r"//|https?://(?!site\.example)|\\", location), said


def test_the_walk_finds_what_there_is() -> None:
    assert len(ALL) > 40
    assert len(FORMS) >= 8
    assert len(WITH_PLACES) > 25
    asked = {name for address in READ for name in address.queries}
    assert {"territory", "q", "cursor", "limit", "from"} <= asked


@pytest.mark.parametrize("address", WITH_PLACES, ids=_name)
async def test_whatever_stands_in_an_address(visitor: httpx.AsyncClient, address: Address) -> None:
    for value in some(address):
        if value in ("", "..", "."):
            continue
        response = await visitor.request(address.method, address.at(value))
        readable(response, address, value)
    for raw in ("%ff%fe", "%c3%28", "%00", "%ed%a0%80", "%2e%2e%2f"):
        path = address.at("x").replace("x", raw, 1) if "x" in address.at("x") else address.path
        readable(await visitor.request(address.method, path), address, raw)


@pytest.mark.parametrize("address", READ, ids=_name)
async def test_whatever_is_asked_in_a_query(visitor: httpx.AsyncClient, address: Address) -> None:
    path = address.at(SLUG)
    for value in some(address):
        everything = urlencode([(name, value[:500]) for name in address.queries])
        readable(await visitor.get(f"{path}?{everything}"), address, value)
    for raw in BYTES:
        query = "&".join(f"{name}={quote(raw, safe='%&=[]+')}" for name in address.queries)
        readable(await visitor.get(f"{path}?{query}"), address, query)
    for name in address.queries:
        repeated = urlencode([(name, "976"), (name, MARKUP), (name, "")])
        readable(await visitor.get(f"{path}?{repeated}"), address, repeated)


def _fields_of(html: str) -> list[tuple[str, str]]:
    """Names and values of every field of every form of a page."""
    found = re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"[^>]*>', html)
    return [(name, "1") for name in dict.fromkeys(found)]


MARKUP = f'"><script>{MARK}'
USUAL = {"full_name": "Zaïna", "email": "zaina@exemple.fr", "headcount": "1-9", "idempotency_key": "k", "token": "t"}


@pytest.mark.parametrize("address", FORMS, ids=_name)
async def test_whatever_is_typed_into_a_form(visitor: httpx.AsyncClient, address: Address) -> None:
    path = address.at(SLUG if "slug" in address.parameters else "R-7K4QX-9M2TC")
    page = await visitor.get(path)
    names = dict.fromkeys([*USUAL, *(name for name, _ in _fields_of(page.text))])
    for number, value in enumerate(some(address)):
        readable(await visitor.post(path, data=dict.fromkeys(names, value)), address, value)
        name = list(names)[number % len(names)]
        typed = {**USUAL, "idempotency_key": f"k{number}", name: value}
        readable(await visitor.post(path, data=typed), address, (name, value))
    for name in names:
        typed = {**USUAL, "idempotency_key": f"key-{name}", name: MARKUP}
        readable(await visitor.post(path, data=typed), address, (name, MARKUP))


@pytest.mark.parametrize("address", FORMS, ids=_name)
async def test_a_body_that_is_no_form(visitor: httpx.AsyncClient, address: Address) -> None:
    path = address.at(SLUG if "slug" in address.parameters else "R-7K4QX-9M2TC")
    form = "application/x-www-form-urlencoded"
    many = urlencode([("full_name", "x")] * 1000).encode()
    for content_type, body in (
        (form, b""),
        (form, many),
        (form, b"full_name=%ff%fe&email=%00"),
        (form, "full_name=Zaïna&email=é".encode("latin-1")),
        (form, urlencode({"full_name": "x" * 60_000}).encode()),
        (form, b"x" * 70_000),
        (form, b"=&=&;;;%%%"),
        (f"{form}; charset=utf-7", b"full_name=+ADw-script+AD4-"),
        ("application/json", b'{"full_name": "x"}'),
        ("text/plain", b"full_name=x"),
        ("application/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nrubbish"),
        ("multipart/form-data; boundary=b", _part("full_name", "Zaïna")),
        ("multipart/form-data; boundary=b", _part('full_name"; filename="x.exe', "MZ")),
        ("multipart/form-data; boundary=b; charset=klingon", _part("full_name", "Zaïna")),
        ("", b"full_name=x"),
        ("\xff", b"full_name=x"),
    ):
        headers = [(b"content-type", content_type.encode("latin-1"))] if content_type else []
        response = await visitor.post(path, content=body, headers=headers)
        readable(response, address, (content_type, body[:60]))
        assert response.status_code >= 400, (content_type, body[:60])


def _part(name: str, value: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n--b--\r\n".encode()


JSON_BODIES = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"1e999",
    b"NaN",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"full_name": "\\ud800", "email": "z@exemple.fr", "headcount": "1-9"}',
    b'{"full_name": "\\u0000", "email": "z@exemple.fr", "headcount": "1-9"}',
    b'{"full_name": 1, "full_name": 2}',
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b'{"capacity": 1e400, "starts_local": "2027-03-28T02:30:00"}',
    b'{"capacity": 99999999999999999999999999999999999999999999}',
    json.dumps({"full_name": "x" * 60_000}).encode(),
    b'{"__proto__": {}, "constructor": {}, "$where": "1"}',
)


@pytest.mark.parametrize("address", BODIES, ids=_name)
async def test_a_body_that_is_not_what_the_api_reads(
    visitor: httpx.AsyncClient, address: Address, admin: dict[str, str]
) -> None:
    headers = {**admin, "Accept": "application/json", "Idempotency-Key": "k"}
    for known in KNOWN_IDS:
        path = address.at(known, known=known)
        for body in JSON_BODIES:
            for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
                response = await visitor.request(
                    address.method, path, content=body, headers={**headers, "Content-Type": content_type}
                )
                readable(response, address, body[:60])


@pytest.mark.parametrize("address", ONCE, ids=_name)
async def test_methods_and_headers_nobody_expects(visitor: httpx.AsyncClient, address: Address) -> None:
    path = address.at(SLUG)
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "GET", "POST"):
        readable(await visitor.request(method, path), address, method)
    for name, value in (
        ("Accept-Language", b"\xff, *;q=zz, en;q=9, ,,;;"),
        ("Accept-Language", b"en-" * 3000),
        ("Accept", b"text/html;q=nan, \xff/\xff;q=-1, */*;q=1e9"),
        ("Authorization", b"Bearer \xe9\xff"),
        ("Authorization", b"Bearer " + b"x" * 5000),
        ("Authorization", b"Basic eDp4"),
        ("Idempotency-Key", b"\xff"),
        ("Host", b"evil.example\\@x"),
        ("X-Forwarded-For", b"\xff, ' OR 1=1, ::ffff:999.1.1.1"),
        ("X-Forwarded-Proto", b"javascript"),
        ("X-Forwarded-Host", b"evil.example"),
        ("Range", b"bytes=99999999999-,-1,abc"),
        ("If-None-Match", b"\xff\xfe"),
        ("If-Modified-Since", b"Tue, 99 Foo 99999 99:99:99 XYZ"),
        ("Content-Length", b"-5"),
        ("Origin", b"\xff"),
        ("Cookie", b"a=\xff; " * 100),
        ("traceparent", b"\xff-00"),
    ):
        response = await visitor.request(
            address.method, path, headers=[(b"accept", b"text/html"), (name.encode(), value)]
        )
        assert response.status_code < 500, (address, name, value)
        assert "evil.example" not in response.text, (address, name)
        assert "evil.example" not in response.headers.get("location", "")


@pytest.mark.parametrize("prefix", ["", "/en"])
async def test_links_that_were_cut_changed_or_belong_to_somebody_else_look_the_same(
    visitor: httpx.AsyncClient, prefix: str
) -> None:
    codes = []
    for person in (1, 2):
        form = {**USUAL, "idempotency_key": f"k{person}", "email": f"p{person}@exemple.fr"}
        location = (await visitor.post(f"{prefix}/rencontres/{SLUG}", data=form)).headers["location"]
        codes.append(location.partition("#")[0])
    path, token = codes[0].split("?token=")
    other = codes[1].split("?token=")[1]
    assert (await visitor.get(codes[0])).status_code == 200
    pages = set()
    for wrong in (token[:-1], token + "x", token.swapcase(), other, token[::-1], "", quote("é"), "%00", "x" * 4000):
        response = await visitor.get(f"{path}?token={wrong}")
        assert response.status_code == 404
        pages.add(response.text)
    assert len(pages) == 1
