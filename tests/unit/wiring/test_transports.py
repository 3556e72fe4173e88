"""Transports by the settings: what cannot be used is refused in words that name the setting, and no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eztong.adapters.clock import SystemClock
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message, Topic
from eztong.domain.operators.posture import CheckFinding, Severity
from eztong.ports.services import Mode
from eztong.wiring.doctor import check_messages
from eztong.wiring.settings import Settings, SettingsInvalid
from eztong.wiring.transports import close_notifier, make_notifier, sms_notifier, smtp_notifier
from tests.simulators.outside.gateway import gateway
from tests.simulators.outside.mail_server import PASSWORD, mail_server

CLOCK = SystemClock()
URL = "https://sms.example.cn/send"
SMTP = {"smtp_host": "mail.example.cn", "smtp_from": "notices@eid.example.cn"}


def settings(**more: Any) -> Settings:  # noqa: ANN401 - the fields of Settings
    return Settings(mode=Mode.LIVE, **more)


def private(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def refusal(**more: Any) -> str:  # noqa: ANN401 - the fields of Settings
    with pytest.raises(SettingsInvalid) as caught:
        make_notifier(settings(**more), clock=CLOCK)
    return caught.value.detail


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sms_url": "http://sms.example.cn/send"}, "EZTONG_SMS_URL: it must be https"),
        (
            {"sms_url": "https://name:secret@sms.example.cn/"},
            "EZTONG_SMS_URL: put secrets into EZTONG_SMS_HEADERS_FILE",
        ),
        ({"sms_url": URL, "sms_body": "{"}, "EZTONG_SMS_BODY: it is no JSON at character 1"),
        ({"sms_url": URL, "sms_success": "ok"}, "EZTONG_SMS_SUCCESS: it must look like"),
        ({"sms_url": URL, "sms_final": "="}, "EZTONG_SMS_FINAL: it must look like"),
        ({"sms_url": URL, "sms_ca_file": "/no/such.pem"}, "EZTONG_SMS_CA_FILE: the file of certificate issuers"),
        ({"sms_url": URL, "sms_headers_file": "/no/such"}, "EZTONG_SMS_HEADERS_FILE: there is no file such."),
        (SMTP | {"smtp_security": "none"}, "EZTONG_SMTP_SECURITY: `none` is only for a mail server on this machine."),
        (SMTP | {"smtp_user": "eztong"}, "EZTONG_SMTP_USER and EZTONG_SMTP_PASSWORD_FILE belong together"),
        (SMTP | {"smtp_from": "nobody"}, "EZTONG_SMTP_FROM: it must be an address"),
        ({"smtp_host": "mail.example.cn"}, "EZTONG_SMTP_FROM: it must be an address"),
        (SMTP | {"smtp_ca_file": "/no/such.pem"}, "EZTONG_SMTP_CA_FILE: the file of certificate issuers"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(given: dict[str, Any], said: str) -> None:
    told = refusal(**given)
    assert said in told
    assert "secret@" not in told


def test_a_secret_that_others_may_read_or_that_is_no_header_is_refused(tmp_path: Path) -> None:
    assert "chmod 600" in refusal(sms_url=URL, sms_headers_file=private(tmp_path, "a: b", 0o644))
    told = refusal(sms_url=URL, sms_headers_file=private(tmp_path, "\nAuthorization Bearer hush"))
    assert "line 2 is not like" in told
    assert "hush" not in told
    (tmp_path / "secret").write_bytes(b"\xff")
    assert "is no text" in refusal(sms_url=URL, sms_headers_file=tmp_path / "secret")
    assert "is not a file" in refusal(sms_url=URL, sms_headers_file=tmp_path)


def test_each_channel_has_its_transport_and_one_without_lets_its_messages_wait(tmp_path: Path) -> None:
    text = Message(topic=Topic.TEST, phone="13800138000", language="en", params={})
    mail = Message(topic=Topic.TEST, email="li@example.org", language="en", params={})
    headers = private(tmp_path, "X-Key: hush\n")
    with gateway() as sms, mail_server() as server:
        both = settings(
            sms_url=sms.url,
            sms_headers_file=headers,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            smtp_from="notices@eid.example.cn",
        )
        notifier = make_notifier(both, clock=CLOCK)
        for number, message in enumerate((text, mail)):
            notifier.deliver(message, message_id=f"msg_{number}")
        close_notifier(notifier)
        assert [found["x-key"] for found, _body in sms.requests] == ["hush"]
        assert server.receivers == ["li@example.org"]
    nothing = make_notifier(settings(), clock=CLOCK)
    for message in (text, mail):
        with pytest.raises(Unavailable, match="messages wait"):
            nothing.deliver(message, message_id="msg_9")


def test_a_password_is_read_without_its_last_line_end(tmp_path: Path) -> None:
    file = private(tmp_path, f"{PASSWORD}\n")
    notifier = smtp_notifier(settings(**SMTP, smtp_user="eztong", smtp_password_file=file), clock=CLOCK)
    assert notifier is not None
    assert PASSWORD not in repr(vars(notifier))
    assert sms_notifier(settings()) is None


@pytest.mark.parametrize(
    ("mode", "given", "severity"),
    [
        (Mode.LIVE, {}, Severity.WARNING),
        (Mode.LIVE, {"sms_url": URL}, Severity.OK),
        (Mode.LIVE, {"sms_url": URL} | SMTP, Severity.OK),
        (Mode.LIVE, {"sms_url": URL, "sms_body": "{"}, Severity.ERROR),
        (Mode.SANDBOX, {}, Severity.OK),
        (Mode.SANDBOX, {"sms_url": URL, "sms_body": "{"}, Severity.WARNING),
    ],
)
def test_doctor_says_whether_messages_can_leave(mode: Mode, given: dict[str, Any], severity: Severity) -> None:
    finding: CheckFinding = check_messages(Settings(mode=mode, **given))
    assert (finding.check, finding.severity) == ("EZT015", severity)
