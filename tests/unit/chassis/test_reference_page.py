"""The reference page says all the document says, is safe to show, and asks nothing of anybody else."""

import json
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from chassis import http, reference_page
from chassis.health import Probes
from chassis.reference_page.__main__ import write
from chassis.reference_page.document import Document
from chassis.reference_page.example import curl
from chassis.reference_page.markup import link, prose, tag
from chassis.reference_page.page import contents, page
from services.analytics.app import build as analytics
from services.registration.app import build as registration

APPS = {"registration": registration(Probes()), "analytics": analytics(Probes())}
OPENAPI = Path(__file__).parents[3] / "docs" / "openapi"
HOSTILE = "</p><script>alert('x')</script>\"'&"


class Seen(HTMLParser):
    """What a browser would find: elements, ids and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(name)
        for key, value in attributes:
            self.attributes.add(key)
            if key == "id":
                self.ids.append(value or "")
            if key in ("href", "src", "action"):
                self.addresses.append(value or "")


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture(params=APPS)
def app(request: pytest.FixtureRequest) -> FastAPI:
    return APPS[str(request.param)]


async def test_every_operation_parameter_field_and_answer_is_there(app: FastAPI) -> None:
    async with client(app) as asking:
        answer = await asking.get("/docs")
        document = (await asking.get("/openapi.json")).json()
    told = unescape(answer.text)
    assert answer.status_code == 200
    operations = [(path, *one) for path, methods in document["paths"].items() for one in methods.items()]
    for path, method, one in operations:
        where = re.sub(r"[^A-Za-z0-9_]+", "-", f"{method}{path}").strip("-")
        said = told.split(f'id="{where}">')[1].split("</article>")[0]
        wanted = {path, method.upper(), one["summary"], *one["responses"]}
        wanted |= {parameter["name"] for parameter in one.get("parameters", [])}
        wanted |= {name for kind in one.get("security", []) for name in kind}
        assert {each for each in wanted if each not in said} == set()
    for name, schema in document["components"]["schemas"].items():
        said = told.split(f'id="schema-{name}">')[1].split("</article>")[0]
        assert {field for field in schema.get("properties", {}) if f"<code>{field}</code>" not in said} == set()
    assert "any value" not in told  # what the page's part of the document does not cover


async def test_nothing_is_asked_of_anybody_else_and_every_link_within_leads_somewhere(app: FastAPI) -> None:
    async with client(app) as asking:
        answer = await asking.get("/docs")
        seen = Seen(answer.text)
        elsewhere = {each for each in seen.addresses if not each.startswith(("#", "data:,"))}
        for address in elsewhere:
            assert "//" not in address
            assert (await asking.get(str(httpx.URL("http://test/docs").join(address)))).status_code == 200, address
        css = (await asking.get("/docs/reference.css")).text
    assert "openapi.json" in elsewhere
    assert answer.headers["content-security-policy"] == http.STRICT_CSP
    assert not seen.elements & {"script", "style", "iframe", "img"}
    assert not {each for each in seen.attributes if each == "style" or each.startswith("on")}
    assert "url(" not in css
    assert "@import" not in css
    assert {each[1:] for each in seen.addresses if each.startswith("#")} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def hostile() -> Document:
    schema = {"type": "object", "description": HOSTILE, "properties": {HOSTILE: {"type": "string", "pattern": HOSTILE}}}
    operation = {
        "tags": [HOSTILE],
        "summary": HOSTILE,
        "description": HOSTILE,
        "security": [{HOSTILE: []}],
        "parameters": [{"name": HOSTILE, "in": "query", "required": True, "schema": {"enum": [HOSTILE]}}],
        "requestBody": {"content": {HOSTILE: {"schema": {"$ref": f"#/{HOSTILE}"}}}},
        "responses": {
            HOSTILE: {"description": HOSTILE, "headers": {HOSTILE: {"description": HOSTILE}}},
            "409": {"content": {"x": {"examples": {HOSTILE: {"value": {"type": "javascript:1", "title": HOSTILE}}}}}},
        },
    }
    return Document.model_validate(
        {
            "info": {"title": HOSTILE, "version": HOSTILE, "description": HOSTILE},
            "tags": [{"name": HOSTILE, "description": HOSTILE}],
            "paths": {f"/{HOSTILE}": {"post": operation}},
            "components": {
                "schemas": {HOSTILE: schema},
                "securitySchemes": {HOSTILE: {"type": "http", "scheme": "bearer", "description": HOSTILE}},
            },
        }
    )


def test_hostile_text_stays_text() -> None:
    document = hostile()
    text = page(document, contents(document), origin=HOSTILE, version="1")
    seen = Seen(text)
    assert "script" not in seen.elements
    assert "<script" not in text
    assert not [each for each in seen.addresses if "javascript" in each]


async def test_a_hostile_host_stays_text(app: FastAPI) -> None:
    async with client(app) as asking:
        answer = await asking.get("/docs", headers={"host": 'x"><script>alert(1)</script>'})
    assert "<script" not in answer.text


def test_a_link_leads_to_no_other_site() -> None:
    assert link("/problems/not-found", "a<b") == '<a href="/problems/not-found">a&lt;b</a>'
    for elsewhere in ("//example.org", "https://example.org", "javascript:1"):
        with pytest.raises(ValueError, match="not within this site"):
            link(elsewhere, "x")


def test_what_is_not_markup_is_escaped() -> None:
    assert tag("p", tag("b", "<"), "&", class_='"') == '<p class="&quot;"><b>&lt;</b>&amp;</p>'
    assert prose("a `<` b") == "<p>a <code>&lt;</code> b</p>"


def test_the_example_is_a_command_with_the_required_fields() -> None:
    document = Document.model_validate(APPS["registration"].openapi())
    path = "/api/v1/meetups/{meetup_id}/registrations"
    words = shlex.split(curl(document, path, "post", document.paths[path]["post"]))
    assert words[:4] == ["curl", "-X", "POST", "$API/api/v1/meetups/$MEETUP_ID/registrations"]
    assert "Idempotency-Key: $IDEMPOTENCY_KEY" in words
    assert json.loads(words[-1]) == {"email": "ada@example.org", "full_name": "text", "headcount": "0"}


def test_an_example_of_a_closed_operation_carries_the_token() -> None:
    document = Document.model_validate(APPS["registration"].openapi())
    path = "/api/v1/registrations/{reference}/confirm"
    assert '"Authorization: Bearer $TOKEN"' in curl(document, path, "post", document.paths[path]["post"])


async def test_the_document_is_read_as_others_leave_it() -> None:
    app = FastAPI(title="before", docs_url=None, telemetry={"tracing": False})
    reference_page.install(app)
    app.title = "after"
    async with client(app) as asking:
        assert "<h1>after</h1>" in (await asking.get("/docs")).text


@pytest.mark.parametrize("name", APPS)
def test_as_files_every_address_leads_to_a_file_beside_it_or_to_the_origin(name: str, tmp_path: Path) -> None:
    write(OPENAPI / f"{name}.json", "http://127.0.0.1:8000", tmp_path)

    seen = Seen((tmp_path / "index.html").read_text())
    for address in seen.addresses:
        path = address.partition("#")[0].partition("?")[0]
        assert path.startswith(("http://127.0.0.1:8000/", "data:", "https://")) or (tmp_path / path).exists(), address
