"""A report of an incident as a paper: to be printed, signed and handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eztong.console.visit import Visit
from eztong.domain.incidents.reporting import FINAL_SLOTS, FIRST_SLOTS, LATER_SLOTS, IncidentReport, ReportSlot
from eztong.domain.own_data.paper import Fact, Paper, Section
from eztong.usecases.incidents.report_incident import report_hash


def report_paper(report: IncidentReport, slots: Mapping[ReportSlot, str], *, visit: Visit) -> Paper:
    """Return the report with every part that is filled, in the language of the page."""
    t, deployment = visit.words.text, visit.services.deployment
    of_final = [slot for slot in FINAL_SLOTS if slot not in LATER_SLOTS]
    return Paper(
        title=t(f"console.report_kind.{report.kind}"),
        language=visit.words.language,
        source=f"{report.report_id} · SM3 {report_hash(report, slots)}",
        lead=[t("console.report_paper_lead", operator=deployment.operator_name, contact=deployment.operator_contact)],
        sections=[
            Section(heading=t("console.report_facts"), entries=[_facts(report, visit=visit)]),
            *_section("first", FIRST_SLOTS, slots, visit=visit),
            *_section("later", LATER_SLOTS, slots, visit=visit),
            *_section("final", of_final, slots, visit=visit),
        ],
    )


def _facts(report: IncidentReport, *, visit: Visit) -> list[Fact]:
    t = visit.words.text
    facts = [
        Fact(t("console.report"), report.report_id),
        Fact(t("console.grade"), t(f"console.grade.{report.grade}")),
        Fact(t("console.who_reports"), t(f"console.operator_kind.{report.operator_kind}")),
        Fact(t("console.noticed_at"), visit.stamp(report.noticed_at)),
    ]
    for key, moment in (
        ("console.report_move.first", report.first_at),
        ("console.report_move.handled", report.handled_at),
        ("console.report_move.final", report.final_at),
    ):
        if moment is not None:
            facts.append(Fact(t(key), visit.stamp(moment)))
    return facts


def _section(
    group: str, wanted: Sequence[ReportSlot], slots: Mapping[ReportSlot, str], *, visit: Visit
) -> list[Section]:
    t = visit.words.text
    entries = [[Fact(t(f"console.slot.{slot}"), slots[slot])] for slot in wanted if slot in slots]
    return [Section(heading=t(f"console.slots.{group}"), entries=entries)] if entries else []
