"""``eztong notices test``: the operator tries the transports, and nothing of it is stored or logged."""

from __future__ import annotations

import json

from tests.flows.cli.command import CommandLine
from tests.simulators.outside.gateway import gateway
from tests.simulators.outside.mail_server import MailServer, mail_server

PHONE = "13800138000"


def test_a_test_message_goes_to_a_phone_over_the_gateway(eztong: CommandLine) -> None:
    with gateway() as held:
        eztong.settings |= {"EZTONG_SMS_URL": held.url}
        done = eztong.run("notices", "test", "--to", "138-0013-8000", "--json")
    assert (done.code, done.json()) == (0, {"accepted": True, "channel": "sms"})
    ((_headers, body),) = held.requests
    assert json.loads(body)["phone"] == PHONE
    assert "测试消息" in json.loads(body)["text"]
    assert PHONE not in done.out + done.err


def test_a_test_message_goes_to_a_mailbox(eztong: CommandLine) -> None:
    with mail_server() as held:
        eztong.settings |= {
            "EZTONG_SMTP_HOST": "127.0.0.1",
            "EZTONG_SMTP_PORT": str(held.port),
            "EZTONG_SMTP_SECURITY": "none",
            "EZTONG_SMTP_FROM": "notices@eid.example.cn",
        }
        done = eztong.run("notices", "test", "--to", "li@example.org", "--language", "en")
        refused = mail_refused(eztong, held)
    assert done.code == 0
    assert "accepted a test message by email" in done.err
    assert "This is a test" in held.mails[0].get_content()
    assert refused == 4


def mail_refused(eztong: CommandLine, held: MailServer) -> int:
    """Send once more to a mailbox that is not there."""
    held.refuses = "550 no such mailbox"
    done = eztong.run("notices", "test", "--to", "li@example.org")
    assert "li@example.org" not in done.out + done.err
    return done.code


def test_without_a_transport_or_with_a_wrong_address_it_says_so(eztong: CommandLine) -> None:
    for to, code in ((PHONE, 4), ("li@example.org", 4), ("nobody", 2), ("a@b", 2)):
        done = eztong.run("notices", "test", "--to", to)
        assert done.code == code, done.err
    eztong.settings |= {"EZTONG_SMS_URL": "http://sms.example.cn/"}
    done = eztong.run("notices", "test", "--to", PHONE)
    assert (done.code, "EZTONG_SMS_URL" in done.err) == (2, True)
