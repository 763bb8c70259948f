"""Pages as programs read them: tags in order, ids, and what forms ask."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Checks that tags are closed in order, and keeps what the tests ask about."""

    VOID = frozenset({"meta", "link", "input", "br", "circle", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), (tag, attrs)
        self.elements.append((tag, values))
        if identifier := values.get("id"):
            self.ids.append(identifier)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag, (tag, self.getpos())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
