"""Live mode takes identities from an authority of real people, over TLS, and from nobody else (clause 1, 4.1)."""

from __future__ import annotations

import base64
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from eztong.adapters.authority.server import build_authority_app
from eztong.cli.server.serve import check_authority
from eztong.domain.errors import NotPermitted
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.operators.posture import Severity
from eztong.gm.sm2 import PublicKey
from eztong.wiring.build import build
from eztong.wiring.doctor import check_authority as check_configured
from eztong.wiring.doctor import check_authority_says
from eztong.wiring.settings import Settings, SettingsInvalid
from tests.contract.authority.stage import make_authority_keys, open_registry, serving
from tests.simulators.live import OPERATOR, live_settings
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.real_authority import RealAuthority


def _base64(key: PublicKey) -> str:
    return base64.b64encode(key.to_spki()).decode()


P01 = ("测一一", "11000019900307001X")


def settings_for(authority: RealAuthority, folder: Path) -> Settings:
    return Settings(data_dir=folder, **OPERATOR, **authority.settings())


@pytest.mark.timeout(120)
def test_live_mode_asks_an_authority_of_real_people_over_tls(tmp_path: Path) -> None:
    settings = live_settings(tmp_path)
    with closing(build(settings)) as built:
        services = built.services
        services.authority.check_health()
        today = services.clock.now().date()
        answer = services.authority.match(
            name=parse_real_name(P01[0]), number=parse_citizen_number(P01[1], today=today), reference="application-1"
        )
        assert answer.verdict is AuthorityVerdict.MATCHED
        check_authority(settings)
        assert check_authority_says(settings).severity is Severity.OK
        away = settings.model_copy(update={"authority_url": "https://127.0.0.1:9"})
        with capture_logs() as lines:
            check_authority(away)
        assert [line["event"] for line in lines] == ["authority_not_asked"], "an authority that is away stops nobody"
        assert check_authority_says(away).severity is Severity.WARNING
        strangers = settings.model_copy(update={"authority_ca_file": None})
        assert check_authority_says(strangers).severity is Severity.WARNING, "a certificate of anybody is no authority"


def test_live_mode_does_not_start_with_the_sandboxs_authority(tmp_path: Path) -> None:
    keys, certificate = make_authority_keys(), write_certificate(tmp_path)
    with serving(build_authority_app(open_registry(), keys=keys, clients={}), certificate=certificate) as address:
        pin = keys.pin()
        authority = RealAuthority(address, _base64(pin.signing), _base64(pin.encryption), certificate)
        settings = settings_for(authority, tmp_path)
        with pytest.raises(NotPermitted, match="sandbox"):
            check_authority(settings)
        finding = check_authority_says(settings)
        assert (finding.check, finding.severity) == ("EZT012", Severity.ERROR)
        other = make_authority_keys().pin()
        impostor = replace(authority, signing_key=_base64(other.signing))
        with pytest.raises(NotPermitted, match="pinned key"):
            check_authority(settings_for(impostor, tmp_path))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8090", "http://localhost:8090", "http://authority.example.org"])
def test_live_mode_refuses_plain_http_on_this_host_too(tmp_path: Path, url: str) -> None:
    pin = make_authority_keys().pin()
    authority = RealAuthority(url, _base64(pin.signing), _base64(pin.encryption), write_certificate(tmp_path))
    settings = settings_for(authority, tmp_path)
    with pytest.raises(SettingsInvalid, match="https"):
        check_authority(settings)
    finding = check_configured(settings)
    assert (finding.check, finding.severity) == ("EZT004", Severity.ERROR)
    assert "https" in finding.advice


def test_a_missing_file_of_issuers_is_a_sentence(tmp_path: Path) -> None:
    pin = make_authority_keys().pin()
    missing = tmp_path / "missing.pem"
    authority = RealAuthority("https://authority.example.org", _base64(pin.signing), _base64(pin.encryption), missing)
    with pytest.raises(SettingsInvalid, match="EZTONG_AUTHORITY_CA_FILE"):
        check_authority(settings_for(authority, tmp_path))
