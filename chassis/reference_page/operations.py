"""One operation: what it does, who may call it, what it takes, what it answers, and a command to try it with."""

from collections.abc import Iterator
from http import HTTPStatus

from chassis.reference_page.document import Answer, Document, Media, Operation
from chassis.reference_page.example import curl
from chassis.reference_page.fields import anchor, parameters, properties, type_of
from chassis.reference_page.markup import Html, joined, link, prose, tag

_SAYS_NOTHING = "Successful Response"  # what FastAPI writes when the route says nothing


def operation_anchor(path: str, method: str) -> str:
    """Where the page tells of it."""
    return anchor(method, path)


def operation(document: Document, path: str, method: str, told: Operation) -> Html:
    """The whole of it."""
    here = operation_anchor(path, method)
    return tag(
        "article",
        tag("h3", link(f"#{here}", told.summary or path)),
        tag(
            "p", tag("span", method.upper(), class_=f"method {anchor(method)}"), " ", tag("code", path), class_="route"
        ),
        *([prose(told.description)] if told.description else []),
        tag("p", tag("strong", "Who may call: "), _callers(document, told), class_="who"),
        *_parameters(told),
        *_body(document, told),
        tag("h4", "Answers"),
        tag("dl", *(_answer(document, status, one) for status, one in told.responses.items()), class_="answers"),
        tag("h4", "Example"),
        tag("pre", tag("code", curl(document, path, method, told))),
        id=here,
    )


def _callers(document: Document, told: Operation) -> Html:
    schemes = document.components.security_schemes
    callers = [f"{name}. {schemes[name].description}" for one in told.security for name in one]
    return joined(callers or ["everybody."], " Or: ")


def _parameters(told: Operation) -> Iterator[Html]:
    if told.parameters:
        yield tag("h4", "Parameters")
        yield parameters(told.parameters)


def _body(document: Document, told: Operation) -> Iterator[Html]:
    if told.request_body is None:
        return
    yield tag("h4", "Body")
    for media_type, media in told.request_body.content.items():
        schema = document.resolve(media.schema_)
        yield tag("p", type_of(media.schema_), " as ", tag("code", media_type), class_="type")
        if schema.description:
            yield prose(schema.description)
        yield properties(schema, document)


def _answer(document: Document, status: str, answer: Answer) -> Html:
    return tag(
        "div",
        tag("dt", tag("code", status, class_=f"status s{anchor(status)[:1]}")),
        tag("dd", *_meaning(document, status, answer), *_bodies(answer), *_headers(answer)),
    )


def _meaning(document: Document, status: str, answer: Answer) -> Iterator[Html]:
    examples = [(name, one.value) for media in answer.content.values() for name, one in media.examples.items()]
    for name, value in examples:
        kind, title = (str(value.get(key, "")) for key in ("type", "title")) if isinstance(value, dict) else ("", "")
        explained = link(kind, name) if kind.startswith("/problems/") else tag("code", name)
        yield tag("p", title, " ", tag("span", explained, class_="kind"))
    if not examples:
        yield prose(_described(document, status, answer))


def _described(document: Document, status: str, answer: Answer) -> str:
    if answer.description != _SAYS_NOTHING:
        return answer.description
    schemas = [document.resolve(media.schema_) for media in answer.content.values()]
    phrase = HTTPStatus(int(status)).phrase if status.isdigit() else status
    return next((schema.description for schema in schemas if schema.description), phrase)


def _bodies(answer: Answer) -> Iterator[Html]:
    for media_type, media in answer.content.items():
        if not _is_problem(media):
            yield tag("p", type_of(media.schema_), " as ", tag("code", media_type), class_="type")


def _is_problem(media: Media) -> bool:
    """Every problem has the same body; saying so at each of them would hide what differs."""
    return media.schema_.name == "Problem"


def _headers(answer: Answer) -> Iterator[Html]:
    for name, header in answer.headers.items():
        yield tag("p", "Header ", tag("code", name), ": ", header.description, class_="type")
