"""What is compressed, and above all what is not: an answer that holds a secret beside what a stranger chose."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis import http

LONG = "Rencontres, en Bretagne et à Mayotte. " * 100


async def _answer(request: Request) -> Response:
    headers = {name: value for name, value in request.query_params.items() if name != "size"}
    return Response(LONG[: int(request.query_params.get("size", len(LONG)))], media_type="text/html", headers=headers)


async def _ask(accept: str = "gzip, deflate", **params: str) -> httpx.Response:
    app = Starlette(routes=[Route("/", _answer)])
    http.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get("/", params=params, headers={"Accept-Encoding": accept})


async def test_a_page_is_compressed_and_says_that_it_varies() -> None:
    answer = await _ask()
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert int(answer.headers["content-length"]) < len(LONG) / 10
    assert answer.text == LONG


async def test_who_does_not_take_gzip_gets_the_same_plain() -> None:
    answer = await _ask(accept="br")
    assert "content-encoding" not in answer.headers
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.text == LONG


@pytest.mark.parametrize("cache_control", ["no-store", "private, no-store"])
async def test_what_must_not_be_kept_is_not_compressed_either(cache_control: str) -> None:
    answer = await _ask(**{"cache-control": cache_control})
    assert "content-encoding" not in answer.headers
    assert answer.text == LONG


async def test_a_small_answer_stays_as_it_is() -> None:
    answer = await _ask(size="300")
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("tag", ['"abc"', 'W/"abc"'])
async def test_the_tag_of_a_compressed_answer_is_weak(tag: str) -> None:
    assert (await _ask(etag=tag)).headers["etag"] == 'W/"abc"'
    assert (await _ask(etag=tag, accept="identity")).headers["etag"] == tag
