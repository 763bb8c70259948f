"""The JSON API, version 1: one module a resource. Routes translate between HTTP and the use cases, and decide nothing."""

ROOT = "/api/v1"
