"""Renders a chart by Helm's own library, and judges what comes out by Kubernetes' own schemas.

Runs in the environment of the tools: values as a JSON list on standard input, one result for each on standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import helm_python
import kubernetes_validate
import yaml

KUBERNETES = ("1.27", "1.37")
"""The oldest version that the chart takes, and the newest whose schemas are there."""
NOT_OF_KUBERNETES = frozenset({"ServiceMonitor"})


def main() -> None:
    """Render with each of the values; the first ones serve for Helm's own check, too."""
    path = sys.argv[1]
    given = json.load(sys.stdin)
    found = helm_python.lint(path, given[0])["messages"]
    with helm_python.Chart.load(path) as chart:
        lint = {"lint": [one["error"] for one in found if one["severity"] > 1]}
        json.dump([rendered(chart, values) | lint for values in given], sys.stdout)


def rendered(chart: Any, values: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - published without types that we have
    """Return the documents and what is wrong with them, or why there are none."""
    try:
        files = chart.render(values, name="eztong", namespace="identity")
    except helm_python.HelmError as error:
        return {"refused": str(error), "documents": [], "invalid": []}
    texts = [text for name, text in sorted(files.items()) if name.endswith(".yaml")]
    documents = [one for text in texts for one in yaml.safe_load_all(text) if one]
    return {"refused": "", "documents": documents, "invalid": [fault for one in documents for fault in faults(one)]}


def faults(document: dict[str, Any]) -> Iterator[str]:
    """Say what Kubernetes would not take."""
    if document["kind"] in NOT_OF_KUBERNETES:
        return
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
            yield f"{document['kind']} ({version}): {error.message}"


if __name__ == "__main__":
    main()
