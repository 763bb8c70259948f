"""The page around the operations: what the API is, where everything stands, how to call it, and its schemas."""

import shlex
from collections.abc import Iterable

from chassis.reference_page.document import Document, Operation, Schema, Tag
from chassis.reference_page.fields import anchor, properties, type_of
from chassis.reference_page.markup import Html, joined, link, prose, tag
from chassis.reference_page.operations import operation, operation_anchor

_Told = tuple[str, str, Operation]


def page(document: Document, body: str, *, origin: str, version: str) -> str:
    """The whole page around `body`, which `contents` made. Addresses are relative, so that a proxy may add a prefix."""
    title = document.info.title
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{tag("title", f"{title}, reference")}
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/reference.css?{version}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
{tag("p", f"API reference, version {document.info.version}", class_="kicker")}
{tag("h1", title)}
{prose(document.info.description, class_="lead")}
<p>For programs: <a href="openapi.json">the OpenAPI document</a>.</p>
{_how_to_call(document, origin)}
</header>
{body}
</body>
</html>
"""


def contents(document: Document) -> Html:
    """The navigation, the operations and the schemas: what stays the same whoever asks."""
    groups = list(_groups(document))
    return joined(
        (
            tag(
                "nav", *(_index(group, told) for group, told in groups), _schema_index(document), aria_label="Contents"
            ),
            tag(
                "main",
                *(_group(document, group, told) for group, told in groups),
                _schemas(document),
                id="content",
                tabindex="-1",
            ),
        ),
        "\n",
    )


def _how_to_call(document: Document, origin: str) -> Html:
    lines = [f"API={shlex.quote(origin)}"]
    if document.components.security_schemes:
        lines.append("TOKEN=…")
    return joined((tag("p", "The examples below start from these:"), tag("pre", tag("code", "\n".join(lines)))))


def _groups(document: Document) -> Iterable[tuple[Tag, list[_Told]]]:
    """The tags in the order of the document, each operation under its first one; then those without any."""
    told = [(path, method, one) for path, methods in document.paths.items() for method, one in methods.items()]
    named = {one.name: one for one in document.tags}
    found = dict.fromkeys([*named, *(_first_tag(one) for _, _, one in told)])
    for name in found:
        if inside := [one for one in told if _first_tag(one[2]) == name]:
            yield named.get(name, Tag(name=name)), inside


def _first_tag(told: Operation) -> str:
    return told.tags[0] if told.tags else "other"


def _index(group: Tag, told: list[_Told]) -> Html:
    return joined(
        (
            tag("h2", link(f"#{anchor('tag', group.name)}", _titled(group.name))),
            tag(
                "ul",
                *(
                    tag("li", link(f"#{operation_anchor(path, method)}", one.summary or path))
                    for path, method, one in told
                ),
            ),
        )
    )


def _schema_index(document: Document) -> Html:
    return tag("h2", link("#schemas", "Schemas")) if document.components.schemas else Html()


def _group(document: Document, group: Tag, told: list[_Told]) -> Html:
    return tag(
        "section",
        tag("h2", _titled(group.name)),
        *([prose(group.description, class_="lead")] if group.description else []),
        *(operation(document, path, method, one) for path, method, one in told),
        id=anchor("tag", group.name),
    )


def _schemas(document: Document) -> Html:
    schemas = document.components.schemas
    if not schemas:
        return Html()
    return tag(
        "section",
        tag("h2", "Schemas"),
        *(_schema(document, name, schemas[name]) for name in sorted(schemas)),
        id="schemas",
    )


def _schema(document: Document, name: str, schema: Schema) -> Html:
    here = anchor("schema", name)
    return tag(
        "article",
        tag("h3", link(f"#{here}", name)),
        *([prose(schema.description)] if schema.description else []),
        properties(schema, document) if schema.properties else tag("p", type_of(schema), class_="type"),
        id=here,
    )


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]
