"""What freezing and recovering without a session share: name and number, then the code sent to the phone on file."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.credentials.code_form import open_code
from eztong.citizen.limits import SENDS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import EztongError, InputInvalid, OtpExpired, TooMany
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.identity.real_name import NameInvalid
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.ask_for_account import AskForAccount, ask_for_account, check_claim


def send_code(visit: Visit, purpose: OtpPurpose) -> None:
    """Send the message code, if there is such an account.

    Raises:
        InputInvalid, TooMany: to be shown on the page.
    """
    command = AskForAccount(
        asker=asker_of(visit),
        purpose=purpose,
        name=visit.form.get("name", ""),
        number=visit.form.get("number", ""),
        language=visit.words.language,
    )
    check_claim(command, services=visit.services)
    count(SENDS[purpose], visit)
    ask_for_account(command, services=visit.services)


def who_page(
    visit: Visit,
    template: str,
    purpose: OtpPurpose,
    error: EztongError | None = None,
    **more: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Ask for name and number; while an earlier code is open, lead to it."""
    sentence = "" if error is None else sentence_of(error, visit)
    at_name, at_number = isinstance(error, NameInvalid), isinstance(error, NumberInvalid)
    return visit.form_page(
        template,
        because=error,
        name=visit.form.get("name", ""),
        number=visit.form.get("number", ""),
        name_error=sentence if at_name else "",
        number_error=sentence if at_number else "",
        problem="" if at_name or at_number else sentence,
        has_code=open_code(visit, purpose) is not None,
        **more,
    )


ON_THE_PAGE = (InputInvalid, OtpExpired, TooMany)
"""What a person mends on the page itself."""
