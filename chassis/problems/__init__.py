"""HTTP errors as RFC 9457 problem details, in the visitor's language, as JSON or (for browsers) as a page of the application's own."""

from chassis.problems.base import FieldError, Problem, Text
from chassis.problems.fields import field_errors
from chassis.problems.generic import (
    Forbidden,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InternalError,
    InvalidInput,
    MalformedBody,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from chassis.problems.installing import install
from chassis.problems.language import DEFAULT_LANGUAGE, Language, language_of, language_of_request
from chassis.problems.openapi import responses
from chassis.problems.rendering import MEDIA_TYPE, RenderHtml, prefers_html, respond

__all__ = [
    "DEFAULT_LANGUAGE",
    "MEDIA_TYPE",
    "FieldError",
    "Forbidden",
    "IdempotencyKeyMissing",
    "IdempotencyKeyReused",
    "InternalError",
    "InvalidInput",
    "Language",
    "MalformedBody",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PayloadTooLarge",
    "Problem",
    "RenderHtml",
    "Text",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "UnsupportedMediaType",
    "field_errors",
    "install",
    "language_of",
    "language_of_request",
    "prefers_html",
    "respond",
    "responses",
]
