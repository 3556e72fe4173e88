"""The chart: Helm takes it, Kubernetes takes what comes out, and what would harm is refused with a sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from tests.deploy.tools import rendered

LEAST: dict[str, Any] = {
    "image": {"repository": "registry.example.org/eztong"},
    "proxy": {"trusted": ["10.0.3.0/24"]},
    "secrets": {"rootKey": {"name": "eztong-root-key"}},
    "settings": {"EZTONG_PUBLIC_URL": "https://eid.example.org"},
}
PEERS = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}]
EVERYTHING = LEAST | {
    "image": {"repository": "registry.example.org/eztong", "digest": f"sha256:{'0' * 64}"},
    "secrets": {name: {"name": name.lower()} for name in ("rootKey", "metricsToken", "smsHeaders", "smtpPassword")},
    "serviceMonitor": {"enabled": True},
    "podDisruptionBudget": {"enabled": True},
    "ingress": {"enabled": True, "className": "nginx", "host": "eid.example.org", "tlsSecret": "eid-tls"},
    "networkPolicy": {
        "from": PEERS,
        "metricsFrom": PEERS,
        "egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"protocol": "TCP", "port": 443}]}],
    },
    "issuers": {"configMap": "issuers"},
    "persistence": {"existingClaim": "kept"},
    "nodeSelector": {"disk": "fast"},
    "tolerations": [{"key": "identity", "operator": "Exists"}],
    "podLabels": {"team": "identity"},
    "podAnnotations": {"note": "one"},
}
UNKNOWN = LEAST | {"tolerations": [{"no_such_field": True}]}
FIRST = LEAST | {"secrets": {}, "maintenance": True}
REFUSED = {
    "two processes": (LEAST | {"replicas": 2}, "replicas: one process serves one data folder"),
    "no image": (LEAST | {"image": {}}, "image.repository"),
    "the newest image": (LEAST | {"image": {"repository": "r", "tag": "latest"}}, "/image/tag"),
    "no root key": (LEAST | {"secrets": {}}, "secrets.rootKey.name"),
    "everybody is believed": (LEAST | {"proxy": {"trusted": ["*"]}}, "/proxy/trusted/0"),
    "every network is believed": (LEAST | {"proxy": {"trusted": ["0.0.0.0/0"]}}, "/proxy/trusted/0"),
    "nobody is believed": (LEAST | {"proxy": {"trusted": []}}, "/proxy/trusted"),
    "plain http": (LEAST | {"settings": {"EZTONG_PUBLIC_URL": "http://eid.example.org"}}, "EZTONG_PUBLIC_URL"),
    "a secret as a value": (LEAST | {"settings": {"EZTONG_METRICS_TOKEN": "0" * 20}}, "EZTONG_METRICS_TOKEN"),
    "a setting that is none": (LEAST | {"settings": {"EZTONG_PUBLIC_URI": "https://a"}}, "EZTONG_PUBLIC_URI"),
    "a value that is none": (LEAST | {"replica": 1}, "replica"),
    "a shared disk": (LEAST | {"persistence": {"accessMode": "ReadWriteMany"}}, "/persistence/accessMode"),
    "an ingress without TLS": (LEAST | {"ingress": {"enabled": True, "host": "e.org"}}, "ingress.tlsSecret"),
    "a scraper without a token": (LEAST | {"serviceMonitor": {"enabled": True}}, "secrets.metricsToken.name"),
}


@lru_cache(maxsize=1)
def all_rendered() -> list[dict[str, Any]]:
    return rendered(LEAST, EVERYTHING, FIRST, UNKNOWN, *(values for values, _said in REFUSED.values()))


def documents(number: int) -> dict[str, dict[str, Any]]:
    """Return what the chart makes of the least, of everything and of the first values, by kind."""
    return {one["kind"]: one for one in all_rendered()[number]["documents"]}


def pod(number: int) -> dict[str, Any]:
    found: dict[str, Any] = documents(number)["Deployment"]["spec"]["template"]["spec"]
    return found


@pytest.mark.parametrize("number", [0, 1, 2], ids=["least", "everything", "first"])
def test_helm_and_kubernetes_take_it(number: int) -> None:
    result = all_rendered()[number]
    assert (result["refused"], result["invalid"], result["lint"]) == ("", [], [])


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_harm_is_refused(case: str) -> None:
    result = all_rendered()[4 + list(REFUSED).index(case)]
    assert REFUSED[case][1] in result["refused"]
    assert result["documents"] == []


def test_what_kubernetes_would_not_take_is_noticed() -> None:
    assert any("no_such_field" in fault for fault in all_rendered()[3]["invalid"])


def test_each_part_is_there_when_it_is_asked_for() -> None:
    least = {"Deployment", "Service", "NetworkPolicy", "PersistentVolumeClaim"}
    assert set(documents(0)) == least
    assert set(documents(1)) == least - {"PersistentVolumeClaim"} | {"Ingress", "PodDisruptionBudget", "ServiceMonitor"}


@pytest.mark.parametrize("number", [0, 1, 2], ids=["least", "everything", "first"])
def test_pods_are_restricted(number: int) -> None:
    spec = pod(number)
    context = spec["securityContext"]
    assert (context["runAsNonRoot"], context["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
    assert (spec["automountServiceAccountToken"], spec["enableServiceLinks"]) == (False, False)
    for container in [*spec.get("initContainers", []), *spec["containers"]]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_the_old_process_ends_before_the_new_one_begins() -> None:
    spec = documents(0)["Deployment"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_secrets_are_named_and_the_root_key_never_reaches_the_disk() -> None:
    volumes = {one["name"]: one for one in pod(1)["volumes"]}
    assert volumes["keys"]["emptyDir"]["medium"] == "Memory"
    named = [one["secret"]["name"] for one in volumes["secrets-as-given"]["projected"]["sources"]]
    assert named == ["rootkey", "smsheaders", "smtppassword"]
    (token,) = [one for one in pod(1)["containers"][0]["env"] if one["name"] == "EZTONG_METRICS_TOKEN"]
    assert token["valueFrom"]["secretKeyRef"] == {"name": "metricstoken", "key": "token"}


def test_in_maintenance_it_runs_and_serves_nothing() -> None:
    (container,) = pod(2)["containers"]
    assert "livenessProbe" not in container
    assert "readinessProbe" in container
    assert container["command"][0] == "/opt/eztong/bin/python"
    assert "initContainers" not in pod(2)


def test_nobody_is_let_in_or_out_who_is_not_named() -> None:
    closed, opened = (documents(number)["NetworkPolicy"]["spec"] for number in (0, 1))
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert closed["ingress"] == []
    assert [rule["ports"] for rule in closed["egress"]] == [
        [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    ]
    assert opened["ingress"][0]["from"] == PEERS * 2
    assert len(opened["egress"]) == 2
