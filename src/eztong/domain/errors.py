"""Every fact that can go wrong, each with a stable code.

The rules of this room:

* An error is named for what happened (``CodeExpired``), carries a ``code`` that never changes its meaning, and
  says in ``detail`` what the caller should do. ``detail`` never holds personal data: it may be logged and sent out.
* ``http.problems`` is the only place that knows status codes; this module does not.
* Parsers of numbers and names keep their errors beside the parser, as subclasses of ``InputInvalid``.
"""

from __future__ import annotations

from typing import ClassVar


class EztongError(Exception):
    """Base of every expected failure.

    ``code`` is the stable machine word; ``advice`` the default sentence that says what to do next.
    """

    code: ClassVar[str] = "internal"
    advice: ClassVar[str] = "Report the request id to the operator."

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None) -> None:
        """Keep ``detail`` (free of personal data) and, where waiting helps, ``retry_after`` in seconds."""
        self.detail = detail if detail is not None else self.advice
        self.retry_after = retry_after
        super().__init__(self.detail)


class InputInvalid(EztongError):
    """Something sent in cannot be understood; sending the same again cannot help."""

    code = "input_invalid"
    advice = "Correct the field that is named and send the request again."


class NotPermitted(EztongError):
    """The caller is known, but may not do this."""

    code = "not_permitted"
    advice = "Use a key or account that has the permission, or ask the operator for it."


class NotFound(EztongError):
    """There is no such thing, or it belongs to somebody else: the two are not told apart."""

    code = "not_found"
    advice = "Check the id. Ids of other partners are answered in the same way."


class StateConflict(EztongError):
    """The thing exists, but its state does not allow the act."""

    code = "state_conflict"
    advice = "Read the current state, then decide again."


class TooMany(EztongError):
    """A limit was reached; ``retry_after`` says when to come back."""

    code = "rate_limited"
    advice = "Wait as long as Retry-After says, then continue more slowly."


class Unavailable(EztongError):
    """Something outside is down. Never to be read as «not passed» (clause 4.1)."""

    code = "unavailable"
    advice = "Nothing was decided. Try again after Retry-After; keep another way of checking open."


class Busy(Unavailable):
    """A bounded part of the service has as much to do as it can hold; more would only wait without end."""

    code = "busy"
    advice = "Nothing was done. Try again after Retry-After."


class HostUnknown(NotFound):
    """The request names a host that is not this service's."""

    code = "host_unknown"
    advice = "Use the public address of the service; its operator sets it as EZTONG_PUBLIC_URL."


class BodyTooLarge(InputInvalid):
    """The body is longer than any request needs."""

    code = "body_too_large"
    advice = "Send at most 64 KiB."


class MethodNotAllowed(InputInvalid):
    """The address exists, but not for this method."""

    code = "method_not_allowed"
    advice = "Use one of the methods in the Allow header."


# --- partner keys -----------------------------------------------------------------------------------------------


class KeyMissing(EztongError):
    """No bearer key came with the request."""

    code = "key_missing"
    advice = "Send the header: Authorization: Bearer <API key>."


class KeyUnknown(EztongError):
    """The bearer key is malformed or was never issued here."""

    code = "key_unknown"
    advice = "Check that the whole key was copied and that it belongs to this deployment."


class KeyRevoked(EztongError):
    """The bearer key was revoked or has run out."""

    code = "key_revoked"
    advice = "Use a live key; the operator issues a new one."


class ScopeMissing(NotPermitted):
    """The key lacks the scope that this call needs."""

    code = "scope_missing"
    advice = "Use a key that was issued with the scope named in the API description."


class PartnerSuspended(NotPermitted):
    """The partner is suspended or closed; nothing is answered to it."""

    code = "partner_suspended"
    advice = "Contact the operator."


class SceneNotAllowed(NotPermitted):
    """The scene is not one that this partner was approved for."""

    code = "scene_not_allowed"
    advice = "Use one of the partner's approved scenes."


class DeskUnknown(InputInvalid):
    """The desk is not one of the partner's open desks (clause 2.2: a partner may not act for another desk)."""

    code = "desk_unknown"
    advice = "Use a desk that is registered for this partner and was not ended, or leave the field out."


class ClaimNotAllowed(NotPermitted):
    """A wanted claim is outside the scene's approved claims."""

    code = "claim_not_allowed"
    advice = "Ask only for claims that the scene allows."


class IdempotencyConflict(StateConflict):
    """The idempotency key was used before with another body."""

    code = "idempotency_key_reused"
    advice = "Use a new Idempotency-Key for a new request; repeat the same body to repeat the answer."


# --- presentation codes -----------------------------------------------------------------------------------------


class CodeMalformed(InputInvalid):
    """The digits are not a presentation code: wrong length, prefix or characters."""

    code = "code_malformed"
    advice = "Scan again, or type all 18 digits. No attempt was counted."


class CodeCheckDigitWrong(CodeMalformed):
    """The check digits do not fit: a typing or scanning slip."""

    code = "code_check_digit"
    advice = "One digit is wrong: read the number again. No attempt was counted."


class CodeForged(InputInvalid):
    """The QR payload was not made by this service (its tag does not verify)."""

    code = "code_forged"
    advice = "Ask the holder to open the code page of this service and show a fresh code."


class CodeClockSkew(InputInvalid):
    """The QR payload claims to be from the future: a clock of this deployment was set back."""

    code = "code_clock_skew"
    advice = "Ask the holder to refresh the code; if it happens again the operator must check the clocks."


class DeskLocked(TooMany):
    """Too many wrong codes came from this desk (clause 2.2)."""

    code = "desk_locked"
    advice = "Too many wrong codes. Wait as long as Retry-After says, and check the scanner."


class ReplaysExhausted(TooMany):
    """Too many used codes were presented again at this desk or by this partner (clause 2.11)."""

    code = "replays_exhausted"
    advice = "Too many used codes were presented again. Stop retrying them; fresh codes are still verified."


class CodeUnknown(NotFound):
    """No such code was issued, or its life ended more than a day ago. It counts against the partner's budget."""

    code = "code_unknown"
    advice = "Ask the holder to refresh the code in front of you and scan again."


class CodeExpired(StateConflict):
    """The code's life is over."""

    code = "code_expired"
    advice = "Ask the holder to refresh the code in front of you and scan again."


class CodeAlreadyUsed(StateConflict):
    """The code has made its one verification, and this is not the same question again within its life (clause 2.11)."""

    code = "code_already_used"
    advice = "Ask the holder to refresh the code in front of you. The holder may be told of the second try."


class CodeCancelled(StateConflict):
    """The code was cancelled, or replaced by a newer one of the same device."""

    code = "code_cancelled"
    advice = "Ask the holder to show the newest code."


# --- citizens ---------------------------------------------------------------------------------------------------


class AgreementNotAccepted(EztongError):
    """An agreement in force has not been accepted (clauses P-3, 3.6)."""

    code = "agreement_not_accepted"
    advice = "Open the agreements page, read both documents and accept them."


class AgreementChanged(StateConflict):
    """The text changed between showing and accepting (clause P-4)."""

    code = "agreement_changed"
    advice = "Read the new text and decide again. Nothing was recorded."


class TickMissing(InputInvalid):
    """A document was submitted without its tick (clause P-4)."""

    code = "tick_missing"
    advice = "Tick the box of each document after reading it. Nothing was recorded."


class HolderNotUsable(StateConflict):
    """The account's state does not allow the act; ``code`` of the subclass says which state."""

    code = "holder_not_usable"
    advice = "See the account page for what happened and what to do."


class HolderFrozen(HolderNotUsable):
    """The account is frozen (clause 2.9)."""

    code = "holder_frozen"
    advice = "Verify yourself again on a device that is yours to lift the freeze."


class HolderRestricted(HolderNotUsable):
    """A mark on the account carries less than this scene demands (clause 2.5)."""

    code = "holder_restricted"
    advice = "The page of the identity check says why and how to mend it; scenes that demand less still work."


class HolderTerminated(HolderNotUsable):
    """The service was ended for this account (clause 2.10)."""

    code = "holder_terminated"
    advice = "Read the notice; an appeal is possible until the date given there."


class HolderNotActive(HolderNotUsable):
    """Registration is not finished."""

    code = "holder_not_active"
    advice = "Finish the registration first."


class HolderErased(HolderNotUsable):
    """The account's data key was destroyed, and with it everything that was sealed under it (clause 3.3)."""

    code = "holder_erased"
    advice = "The account's data was erased for good; what told the holder's name can no longer be given."


class DeviceNotBound(HolderNotUsable):
    """The device is not bound to the account (clause 2.6)."""

    code = "device_not_bound"
    advice = "Bind this device with a message code first."


class OtpWrong(InputInvalid):
    """The message code is wrong."""

    code = "otp_wrong"
    advice = "Type the six digits of the newest message."


class OtpExpired(StateConflict):
    """The message code is too old, was used, or belongs to another purpose."""

    code = "otp_expired"
    advice = "Ask for a new message code."


class OtpLocked(TooMany):
    """Too many wrong message codes."""

    code = "otp_locked"
    advice = "Wait, then ask for a new message code."


class Locked(EztongError):
    """The session needs a fresh unlock by passkey or PIN (clause 2.6)."""

    code = "locked"
    advice = "Unlock with your passkey or PIN on this device, then do it again."


class SessionMissing(EztongError):
    """There is no signed-in session."""

    code = "session_missing"
    advice = "Start again from the first page on this device."


# --- requests and grants ----------------------------------------------------------------------------------------


class RequestFinished(StateConflict):
    """The request has an answer already, or ran out of time."""

    code = "request_finished"
    advice = "Ask the partner to start again."


class MatchNumberMissing(InputInvalid):
    """No number was picked to compare with the one shown at the partner (anti-relay)."""

    code = "match_number_missing"
    advice = "Pick the number that is on the partner's screen."


class AuthorityUnavailable(Unavailable):
    """The identity authority could not be reached or did not answer in time (clause 4.1)."""

    code = "authority_unavailable"
    advice = "Registration is queued and goes on by itself when the authority is back."


class AuthorityAnswerInvalid(Unavailable):
    """The authority's answer could not be verified; it is not used."""

    code = "authority_answer_invalid"
    advice = "Check the authority's key and the clocks of both sides."


# --- evidence ---------------------------------------------------------------------------------------------------


class ProofInvalid(EztongError):
    """A proof does not hold; ``detail`` names the part that failed."""

    code = "proof_invalid"
    advice = "Do not rely on this document."
