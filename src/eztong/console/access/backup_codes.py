"""Backup codes: made at once, shown this once, ten of them."""

from __future__ import annotations

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.operators.backup_code import spelt_code
from eztong.usecases.operators.backup_codes import draw_codes, set_backup_codes


def make(visit: Visit) -> Response:
    """Make new codes, which end those of before, and show them."""
    codes = draw_codes(entropy=visit.services.entropy)
    visit.audited(lambda: visit.services.perform(visit.acting, set_backup_codes, codes))
    return visit.form_page("access/backup_codes.html", codes=[spelt_code(code) for code in codes])
