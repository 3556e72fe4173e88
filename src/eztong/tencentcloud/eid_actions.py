"""The three actions of E证通: GetEidToken, CheckEidTokenStatus, GetEidResult."""

from __future__ import annotations

from eztong.tencentcloud.actions import Actions

EID_ACTIONS: Actions = {}
