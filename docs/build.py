"""Generate docs/reference/ from the code: `make docs`. With ``--check`` write nothing and fail on a stale page.

What is written depends on the code and the locked libraries only: no clock, no address, no path of this machine.
"""
# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import difflib
import importlib
import json
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import agreement_rows
import click
import data_catalogue
import house
import writing
from prometheus_client.parser import text_string_to_metric_families

import eztong
from eztong.cli.exits import code_of
from eztong.cli.main import PROGRAM, cli
from eztong.cli.service import opened
from eztong.domain.errors import EztongError
from eztong.http.metrics import Metrics
from eztong.http.problems import status_of
from eztong.partner_api.application import build_partner_api
from eztong.partner_api.verify_call import Verifier
from eztong.ports.limiter import Limit
from eztong.ports.services import Mode
from eztong.sandbox import test_helpers
from eztong.wiring.doctor import CHECKS, LIVE_CHECKS
from eztong.wiring.settings import PREFIX, Settings

REFERENCE: Final = Path(__file__).parent / "reference"
BASE_URL: Final = "http://127.0.0.1:8080"
_HELP_WIDTH: Final = 100
# Loaded by Alembic or by `python -m` only.
_NOT_IMPORTED: Final = ("eztong.__main__", "eztong.adapters.storage.sql.migrations")


def settings_page() -> str:
    """Describe every setting."""
    schema = Settings.model_json_schema()
    rows = []
    for name, field in Settings.model_fields.items():
        described = schema["properties"][name]
        rows.append(
            (
                f"`{PREFIX}{name.upper()}`",
                field.description or "",
                _kind(described, schema),
                _default(described.get("default")),
            )
        )
    return writing.page(
        "Settings",
        f"Each setting is an environment variable. It is read once, at start. An unknown `{PREFIX}` variable stops\n"
        "the start, so that a misspelt one is not ignored. Options of the command line win over the environment.",
        writing.table(("variable", "what it is", "value", "default"), rows),
    )


def _kind(described: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in described:
        return _kind(schema["$defs"][described["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in described:
        return _kind(next(part for part in described["anyOf"] if part["type"] != "null"), schema) + ", optional"
    if "enum" in described:
        return " or ".join(f"`{value}`" for value in described["enum"])
    kinds = {"path": "path", "uri": "address", "password": "secret text", None: str(described["type"])}
    words = kinds[described.get("format")]
    if "minimum" in described:
        words += (
            f", {described['minimum']} to {described['maximum']}"
            if "maximum" in described
            else (f", at least {described['minimum']}")
        )
    if "pattern" in described:
        words += f", matching `{described['pattern']}`"
    if described.get("format") == "password":
        words += f", at least {described['minLength']} characters"
    if "minLength" in described and "format" not in described:
        words += f", {described['minLength']} to {described['maxLength']} characters"
    return words


def _default(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def load_modules() -> None:
    """Import every module of the program, so that every error class is known."""
    for found in pkgutil.walk_packages(eztong.__path__, f"{eztong.__name__}."):
        if not found.name.startswith(_NOT_IMPORTED):
            importlib.import_module(found.name)


def error_classes() -> list[type[EztongError]]:
    """Return every error class of the program that has a code of its own, by code."""
    load_modules()

    def walk(kind: type[EztongError]) -> Iterator[type[EztongError]]:
        yield kind
        for below in kind.__subclasses__():
            yield from walk(below)

    ours = {kind for kind in walk(EztongError) if kind.__module__.startswith(f"{eztong.__name__}.")}
    return sorted((kind for kind in ours if "code" in vars(kind)), key=lambda kind: (kind.code, kind.__qualname__))


def error_codes_page() -> str:
    """Describe every error code."""
    rows = [
        (
            f"`{kind.code}`",
            str(status_of(kind)),
            str(code_of(kind)),
            writing.first_paragraph(kind),
            writing.escaped(kind.advice),
        )
        for kind in error_classes()
    ]
    return writing.page(
        "Error codes",
        "A code never changes its meaning: decide by it, not by the text. Over HTTP it is the member `code` of an\n"
        "[RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem, which comes with the status given here. A\n"
        "command prints it in brackets and ends with the exit code given here. The advice is the default\n"
        "text; a problem may be more exact.",
        writing.table(("code", "status", "exit", "what happened", "what to do"), rows),
    )


def cli_page() -> str:
    """Show the help of every command."""
    sections = [f"## {path}\n\n```text\n{text}\n```" for path, text in command_helps()]
    return writing.page(
        "Command line",
        f"What `{PROGRAM} ... --help` prints. Results go to stdout, messages to stderr.",
        *sections,
    )


def command_helps() -> list[tuple[str, str]]:
    """Return every command with its help."""

    def walk(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
        settings = {"terminal_width": _HELP_WIDTH, "max_content_width": _HELP_WIDTH, **command.context_settings}
        with click.Context(command, parent=parent, info_name=name, **settings) as context:
            yield context.command_path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
            if isinstance(command, click.Group):
                for below in command.list_commands(context):
                    found = command.get_command(context, below)
                    if found is not None and not found.hidden:
                        yield from walk(found, below, context)

    return list(walk(cli, PROGRAM, None))


def metrics_page() -> str:
    """Describe every metric."""
    rows = [
        (f"`{name}`", kind, " ".join(f"`{label}`" for label in labels), meaning)
        for name, kind, labels, meaning in metric_families()
    ]
    return writing.page(
        "Metrics",
        "`GET /metrics` answers in Prometheus' text format. No label holds a person, a partner or a path as it was\n"
        "sent. Beside these there are the usual `process_*` figures where the system has them.",
        writing.table(("metric", "type", "labels", "meaning"), rows),
    )


def metric_families() -> list[tuple[str, str, Sequence[str], str]]:
    """Return name, type, labels and meaning of every metric of ours, from what a service would show."""
    metrics = Metrics()
    metrics.verification("passed")
    metrics.code_issued("screen")
    metrics.registration("approved")
    metrics.commit(1, 0.001)
    metrics.requests("/v1/verifications", "POST", 200, [0.001])
    metrics.queue_depth("outbox", 0)
    metrics.authority_state("closed")
    text = metrics.render()[0].decode()
    families = []
    for family in text_string_to_metric_families(text):
        if not family.name.startswith("eztong_") or family.name.endswith("_created"):
            continue
        labels = sorted({label for sample in family.samples for label in sample.labels} - {"le"})
        name = f"{family.name}_total" if family.type == "counter" else family.name
        families.append((name, family.type, labels, family.documentation))
    return sorted(families)


def openapi_document() -> str:
    """Return the OpenAPI document of a sandbox, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(mode=Mode.SANDBOX, data_dir=Path(folder), public_url=BASE_URL)  # type: ignore[arg-type]  # pydantic parses it
        with opened(settings) as built:
            limit = Limit("verifications", settings.verifications_per_minute, 60)
            verifier = Verifier(services=built.services, limit=limit)
            document = build_partner_api(verifier, extra_routers=[test_helpers.router]).openapi()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def doctor_page() -> str:
    """Describe every deployment check."""
    rows = []
    for check in CHECKS:
        name, _, meaning = writing.first_paragraph(check).partition(": ")
        rows.append((f"`{name}`", meaning, "yes" if check in LIVE_CHECKS else ""))
    return writing.page(
        "Deployment checks",
        "`eztong doctor` runs these and says what to mend; `--json` is for machines. An id never changes its meaning.\n"
        "With an error `eztong serve` does not start. What guards live mode only is a warning in the sandbox; what no\n"
        "service starts with is an error in both.",
        writing.table(("check", "what must hold", "guards live mode"), rows),
    )


def house_page() -> str:
    """Say where each subject lives on each floor."""
    return writing.page(
        "Where each subject lives",
        "A subject has one name on every floor, from page to table. A floor where it is missing does not need it.\n"
        "Templates, scripts and sentences lie under the name of their page's subject. What several subjects share\n"
        "is no subject: it stands at the top of its room, of pages in `browser`, `credentials`, `words`.",
        writing.table(("subject", "what it is about", *house.FLOORS), house.rows()),
    )


def index_page() -> str:
    """List the generated pages."""
    rows = [(f"[{name}]({name})", about) for name, (_, about) in PAGES.items() if name != "README.md"]
    return writing.page(
        "Reference",
        "Generated from the code, so that it cannot say anything else.",
        writing.table(("page", "what it says"), rows),
        "Generated too, from the tests: [the agreement, row by row](../clauses.md), each clause with what checks it.",
    )


PAGES: Final[Mapping[str, tuple[Callable[[], str], str]]] = {
    "README.md": (index_page, ""),
    "settings.md": (settings_page, "every environment variable"),
    "cli.md": (cli_page, "every command with its options, examples and exit codes"),
    "error-codes.md": (error_codes_page, "every code, its status, and what to do"),
    "doctor.md": (doctor_page, "every deployment check"),
    "metrics.md": (metrics_page, "every metric"),
    "house.md": (house_page, "every subject, and where it lives on each floor"),
    "data-catalogue.md": (data_catalogue.data_catalogue_page, "every table and column, with its data class"),
    "openapi.json": (openapi_document, "the partner API with the sandbox's test helpers, OpenAPI 3.1"),
}


def _made(folder: Path) -> dict[Path, str]:
    """Return what the code says now: every page of the folder, the agreement's rows, the architecture with its plan."""
    beside = {house.PAGE: house.filled(), agreement_rows.PAGE: agreement_rows.page()}
    return {folder / name: make() for name, (make, _) in PAGES.items()} | beside


def stale(folder: Path = REFERENCE) -> dict[str, str]:
    """Return the pages that are not what the code says, each with the difference."""
    found = {}
    for path, new in _made(folder).items():
        old = path.read_text("utf-8") if path.exists() else ""
        if old != new:
            lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "written", "generated", lineterm="", n=1)
            found[path.name] = "\n".join(lines)
    return found


def write() -> None:
    """Write every page, those beside the folder too."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in _made(REFERENCE).items():
        path.write_text(text, "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` say which are stale."""
    if list(arguments) == ["--check"]:
        found = stale()
        for name, difference in found.items():
            sys.stderr.write(f"{name} is stale; run: make docs\n{difference}\n")
        return 1 if found else 0
    if arguments:
        sys.stderr.write("usage: docs/build.py [--check]\n")
        return 2
    write()
    sys.stderr.write(f"==> docs/reference: {len(PAGES)} pages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
