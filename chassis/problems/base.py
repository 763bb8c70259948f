"""What an HTTP error is here: a small class with a stable name, a status, and words in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from chassis.problems.language import Language

Place = Literal["body", "query", "path", "header", "cookie"]
JsonValue = str | int | bool


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, in each language of ours."""

    fr: str
    en: str

    def __call__(self, language: Language) -> str:
        """The words in one language."""
        return self.en if language == "en" else self.fr

    def format(self, **values: object) -> "Text":
        """The same text with its places filled."""
        return Text(self.fr.format(**values), self.en.format(**values))


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: `pointer` is a JSON pointer (`#/attendee/email`), `code` is stable, `detail` is for people."""

    pointer: str
    code: str
    detail: Text
    place: Place = "body"

    @property
    def field(self) -> str:
        """The name of the field, for a form that shows the error beside it."""
        return self.pointer.removeprefix("#/").replace("~1", "/").replace("~0", "~")


class Problem(Exception):
    """Raised anywhere in a request to answer it with this error; nothing is stored.

    A subclass states `slug` (the end of its type URI), `status` and `title`; its docstring says when it is raised and what follows.
    """

    slug: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[Text]

    def __init__(
        self,
        detail: Text | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, JsonValue] | None = None,
    ) -> None:
        super().__init__(detail.en if detail else self.title.en)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    @classmethod
    def type_uri(cls) -> str:
        """What identifies the kind of problem; the path is served and explains it."""
        return f"/problems/{cls.slug}"

    def body(self, language: Language) -> dict[str, object]:
        """The members of the problem document."""
        document: dict[str, object] = {"type": self.type_uri(), "title": self.title(language), "status": self.status}
        if self.detail is not None:
            document["detail"] = self.detail(language)
        if self.errors:
            document["errors"] = [_field(error, language) for error in self.errors]
        return document | self.extensions


def every_problem(root: type[Problem] = Problem) -> dict[str, type[Problem]]:
    """All problems known to this process, by slug."""
    found: dict[str, type[Problem]] = {}
    for kind in root.__subclasses__():
        if "slug" in kind.__dict__:
            found[kind.slug] = kind
        found |= every_problem(kind)
    return found


def _field(error: FieldError, language: Language) -> dict[str, str]:
    place = {} if error.place == "body" else {"in": error.place}
    return {"pointer": error.pointer, **place, "code": error.code, "detail": error.detail(language)}
