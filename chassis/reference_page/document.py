"""The part of an OpenAPI 3.1 document that the page shows, as FastAPI writes it."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Schema(_Part):
    """What a value may be."""

    ref: str | None = Field(default=None, alias="$ref")
    type: str | None = None
    format: str | None = None
    description: str = ""
    enum: list[JsonValue] = []
    const: JsonValue = None
    default: JsonValue = None
    examples: list[JsonValue] = []
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_items: int | None = None
    max_items: int | None = None
    items: "Schema | None" = None
    any_of: list["Schema"] = []
    properties: dict[str, "Schema"] = {}
    required: list[str] = []
    additional_properties: "bool | Schema" = True

    @property
    def name(self) -> str | None:
        """The component this points to."""
        return self.ref.rpartition("/")[2] if self.ref else None

    @property
    def branches(self) -> list["Schema"]:
        """The alternatives, or itself."""
        return self.any_of or [self]


class Parameter(_Part):
    """Part of a request beside its body."""

    name: str
    place: str = Field(alias="in")
    required: bool = False
    description: str = ""
    schema_: Schema = Field(default=Schema(), alias="schema")


class Example(_Part):
    """One of the answers of a status."""

    value: JsonValue = None


class Media(_Part):
    """A body in one media type."""

    schema_: Schema = Field(default=Schema(), alias="schema")
    examples: dict[str, Example] = {}


class Header(_Part):
    """A header of an answer."""

    description: str = ""


class Answer(_Part):
    """What a status means."""

    description: str = ""
    content: dict[str, Media] = {}
    headers: dict[str, Header] = {}


class RequestBody(_Part):
    """What is sent."""

    required: bool = False
    content: dict[str, Media]


class Operation(_Part):
    """A method of a path."""

    tags: list[str] = []
    summary: str = ""
    description: str = ""
    security: list[dict[str, list[str]]] = []
    parameters: list[Parameter] = []
    request_body: RequestBody | None = None
    responses: dict[str, Answer] = {}


class Tag(_Part):
    """A group of operations."""

    name: str
    description: str = ""


class SecurityScheme(_Part):
    """How a caller says who it is."""

    type: str
    scheme: str = ""
    description: str = ""


class Components(_Part):
    """What the operations share."""

    schemas: dict[str, Schema] = {}
    security_schemes: dict[str, SecurityScheme] = {}


class Info(_Part):
    """What the API is."""

    title: str
    version: str
    description: str = ""


class Document(_Part):
    """The whole."""

    info: Info
    paths: dict[str, dict[str, Operation]]
    tags: list[Tag] = []
    components: Components = Components()

    def resolve(self, schema: Schema) -> Schema:
        """What a reference points to; anything else is itself."""
        return self.components.schemas.get(schema.name, schema) if schema.name else schema
