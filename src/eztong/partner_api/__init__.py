"""The partner door: REST under /v1, described by OpenAPI 3.1."""
