"""Mail, against a real server: what it is sent, how it is encrypted, and what becomes of its answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.notifier.smtp import SmtpNotifier, SmtpSecurity, SmtpServer
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message, Topic
from eztong.ports.notifier import Undeliverable
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.simulators.service import free_port

ADDRESS = "li@example.org"
SENDER = "notices@eid.example.cn"


def deliver(held: MailServer, language: str = "zh-CN", **changed: Any) -> None:  # noqa: ANN401 - the fields of SmtpServer
    server = SmtpServer(
        host="127.0.0.1",
        port=held.port,
        sender=SENDER,
        sender_name="某市身份服务",
        security=SmtpSecurity.NONE,
        timeout=60,
    )
    message = Message(topic=Topic.PIN_CHANGED, email=ADDRESS, language=language, params={})
    SmtpNotifier(replace(server, **changed), SystemClock()).deliver(message, message_id="msg_1")


def test_a_mail_says_who_sends_and_nothing_in_its_subject() -> None:
    with mail_server() as held:
        deliver(held)
        deliver(held, "en", sender_name="Example City")
    chinese, english = held.mails
    assert held.receivers == [ADDRESS, ADDRESS]
    assert (chinese["From"], chinese["Subject"]) == (f"某市身份服务 <{SENDER}>", "来自 某市身份服务 的通知")
    assert "PIN 码已更改" in chinese.get_content()
    assert english["Subject"] == "A notice from Example City"
    assert "The PIN of your account was changed" in english.get_content()
    assert (english["Message-ID"], english["Auto-Submitted"]) == ("<msg_1@eid.example.cn>", "auto-generated")


def test_it_signs_in_over_an_encrypted_connection_only(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    proven = {"user": USER, "password": PASSWORD, "security": SmtpSecurity.STARTTLS}
    with mail_server(certificate, asks_who=True) as held:
        deliver(held, ca_file=certificate, **proven)
        assert held.is_encrypted == [True]
        with pytest.raises(Unavailable, match="SSLCertVerificationError"):
            deliver(held, **proven)
        with pytest.raises(Unavailable, match="SMTPAuthenticationError"):
            deliver(held, ca_file=certificate, **proven | {"password": "wrong"})
        with pytest.raises(Unavailable):
            deliver(held)
    assert len(held.mails) == 1


def test_a_server_without_starttls_gets_neither_password_nor_mail() -> None:
    with mail_server() as held:
        with pytest.raises(Unavailable, match="SMTPNotSupportedError"):
            deliver(held, user=USER, password=PASSWORD, security=SmtpSecurity.STARTTLS)
        assert held.mails == []


@pytest.mark.parametrize("refusal", ["550 no such mailbox li@example.org", "553 bad name"])
def test_a_mailbox_that_is_not_there_is_final(refusal: str) -> None:
    with mail_server() as held:
        held.refuses = refusal
        with pytest.raises(Undeliverable) as caught:
            deliver(held)
    assert ADDRESS not in str(caught.value)


@pytest.mark.parametrize("refusal", ["450 busy", "451 later", "554 policy"])
def test_whatever_else_it_says_the_mail_is_tried_again(refusal: str) -> None:
    with mail_server() as held:
        held.refuses = refusal
        with pytest.raises(Unavailable) as caught:
            deliver(held)
    assert ADDRESS not in str(caught.value)


def test_nobody_there_is_tried_again_and_issuers_must_be_readable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        deliver(MailServer(port=free_port()))
    with pytest.raises(Unavailable):
        deliver(MailServer(port=free_port()), security=SmtpSecurity.TLS)
    with pytest.raises(ValueError, match="issuers"):
        deliver(MailServer(), ca_file=tmp_path / "none.pem")
