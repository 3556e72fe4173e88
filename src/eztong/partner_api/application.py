"""The partner door as one FastAPI application: its routers, its problems, its OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Lifespan

import eztong
from eztong.domain.errors import BodyTooLarge, EztongError, InputInvalid, MethodNotAllowed, NotFound
from eztong.http.correlation import request_id
from eztong.http.failures import CLIENT_GONE
from eztong.http.problems import Problem, faults_of, invalid_body, problem_of
from eztong.partner_api import deregistration, disputes, published_keys, requests, status, verifications, webhooks
from eztong.partner_api.problem_responses import describe_failures
from eztong.partner_api.schemas import ProblemDocument
from eztong.partner_api.verify_call import Verifier

DESCRIPTION = """
eztong verifies people by presentation code or by request. The default answer is a result only; claims beyond it need
the holder's live grant. Every answer carries a proof that anybody can check offline.
"""
_HTTP_ERRORS: dict[int, EztongError] = {
    # FastAPI's word for a body that its parser gave up on: wrong UTF-8, too deep, a number of thousands of digits.
    HTTPStatus.BAD_REQUEST: InputInvalid("The body is no JSON text."),
    HTTPStatus.NOT_FOUND: NotFound("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed(),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BodyTooLarge(),
}


def build_partner_api(
    verifier: Verifier,
    *,
    extra_routers: Sequence[APIRouter] = (),
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """Return the application; other routes are added to it by wiring."""
    services = verifier.services
    app = FastAPI(
        title="eztong partner API",
        version=eztong.__version__,
        summary="Identity verification by the service, not by the partner.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        # A redirect would name whatever host the client sent.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=lifespan,
        servers=[{"url": services.deployment.public_url}],
    )
    app.state.services = services
    app.state.verifier = verifier
    routers = (
        verifications.router,
        disputes.router,
        requests.router,
        deregistration.router,
        webhooks.router,
        published_keys.router,
        status.router,
    )
    # As they are, since they bring their whole addresses: `include_router` would make each anew for every application.
    for router in (*routers, *extra_routers):
        app.router.routes.extend(router.routes)
    for kind in (EztongError, ValidationError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer_problem)
    app.add_exception_handler(ClientDisconnect, answer_nobody)
    _describe_problems(app)
    return app


async def answer_problem(request: Request, error: Exception) -> Response:
    """Answer any failure as an RFC 9457 problem."""
    problem = _problem(error)
    headers = problem.headers()
    if isinstance(error, HTTPException) and error.headers:
        headers.update({name.lower(): value for name, value in error.headers.items()})
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(sorted(_allowed(request)) or [headers.get("allow", "")])
    return Response(problem.body(request_id=request_id(request.scope)), status_code=problem.status, headers=headers)


async def answer_nobody(_request: Request, _error: Exception) -> Response:
    """End the work for a client that hung up: no failure of ours, and nobody receives it."""
    return Response(status_code=CLIENT_GONE)


def _allowed(request: Request) -> set[str]:
    """Return every method of the address that was asked; the router names only those of the route it met first."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    return {
        method.upper()
        for template, methods in paths.items()
        if compile_path(template)[0].match(request.url.path)
        for method in methods
    }


def _problem(error: Exception) -> Problem:
    match error:
        case RequestValidationError():
            return invalid_body(faults_of(error.errors()))
        case HTTPException():
            return problem_of(_HTTP_ERRORS.get(error.status_code, EztongError()))
        case _:
            return problem_of(error)


def _describe_problems(app: FastAPI) -> None:
    """Publish the problem schema, and say of every failure of every call that it is a problem."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = original()
            schemas = document["components"]["schemas"]
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            schemas[ProblemDocument.__name__] = ProblemDocument.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            definitions = schemas[ProblemDocument.__name__].pop("$defs", {})
            schemas.update(definitions)
            for path in document["paths"].values():
                for call in path.values():
                    describe_failures(call["responses"])
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
