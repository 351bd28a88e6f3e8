"""Deeds that need a second pair of eyes: the registry of such deeds, and the only door to requests for them.

An upper app registers its deeds in `AppConfig.ready`:

    four_eyes.register(four_eyes.Action(
        name="certificates.certificate.revoke",
        label=_("Revoke a certificate"),
        may_request=permissions.may_revoke,                 # (user, subject) -> bool
        may_decide=permissions.may_decide_revocation,       # (user, request) -> bool
        apply=services.revoke_as_approved,                  # (request, *, actor, now) -> None
        consequence=services.describe_revocation,           # (request) -> str, one sentence in the reader's language
    ))

and asks with `request(...)`. Independence of the decider (neither requester nor subject, of the same
administration) is checked here for every deed, whoever asks and with whatever role; a superuser is no exception.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from oversight import encoding, permissions, records
from oversight.models import FourEyesRequest

State = FourEyesRequest.State

PENDING_FOR = datetime.timedelta(days=14)

# The kind of the entry that records a request's arrival in each state.
KIND_OF_STATE = {
    State.PENDING: "oversight.request.made",
    State.APPROVED: "oversight.request.approved",
    State.REFUSED: "oversight.request.refused",
    State.WITHDRAWN: "oversight.request.withdrawn",
    State.EXPIRED: "oversight.request.expired",
}
STATE_KINDS = tuple(KIND_OF_STATE.values())


class ConflictError(ValidationError):
    """The request is not, or no longer, in a state in which this can be done to it. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Action:
    """A deed that only two people together can do.

    `may_request(user, subject)` and `may_decide(user, request)` ask for the role; independence is not theirs to
    check. A subject that has no `administration` of its own leaves it to `may_request` to refuse strangers. They must
    not query when `user` is loaded, for lists ask them of every row.

    `apply(request, actor=…, now=…)` does the deed within the approving transaction: whatever it raises undoes the
    approval too. `actor` is the approver. `consequence(request)` says to the decider what approval will do.
    """

    name: str
    label: Any
    may_request: Callable[[Any, Any], bool]
    may_decide: Callable[[Any, FourEyesRequest], bool]
    apply: Callable[..., None]
    consequence: Callable[[FourEyesRequest], str] | None = None
    details: str = ""


_actions: dict[str, Action] = {}


def register(action: Action):
    if action.name in _actions and _actions[action.name] != action:
        raise ImproperlyConfigured(f"There are two four-eyes actions called {action.name}.")
    _actions[action.name] = action


def action_of(name: str) -> Action:
    """The action; KeyError if no installed app knows it."""
    return _actions[name]


def may_decide(user, four_eyes_request) -> bool:
    """Whether the user is independent of the request and has the role to decide it, whatever its state."""
    action = _actions.get(four_eyes_request.action)
    return (
        action is not None
        and permissions.is_independent(user, four_eyes_request)
        and bool(action.may_decide(user, four_eyes_request))
    )


def may_see(user, four_eyes_request) -> bool:
    """Whether the user may read the request: its requester, who may decide it or has, and the auditor."""
    return permissions.may_read_without_deciding(user, four_eyes_request) or may_decide(user, four_eyes_request)


def label_of(four_eyes_request):
    """What the request is for, in the reader's language; its bare name if no installed app knows it any more."""
    action = _actions.get(four_eyes_request.action)
    return action.label if action else four_eyes_request.action


def consequence_of(four_eyes_request) -> str:
    """What approval will do, or nothing if the action does not say or is not known any more."""
    action = _actions.get(four_eyes_request.action)
    return action.consequence(four_eyes_request) if action and action.consequence else ""


def details_of(four_eyes_request) -> str:
    """The name of the address where what is asked for is told at length, or nothing."""
    action = _actions.get(four_eyes_request.action)
    return action.details if action else ""


@transaction.atomic
def request(action_name, *, subject, reason, actor, now, subject_person=None, payload=None):
    """Ask for a deed on `subject` (a saved row with a `uuid`) and return the request, open for 14 days.

    `subject_person` is the account it concerns, if it concerns one. Raises PermissionDenied if the actor may not ask
    for it, is the person concerned, or belongs to another administration than they or the subject; ValidationError
    without a reason; ConflictError if a request for the same deed on the same subject waits already.
    """
    action = action_of(action_name)
    if not permissions.may_ask_about(actor, subject, subject_person) or not action.may_request(actor, subject):
        raise PermissionDenied(_("You may not request this."))
    reason = _required(reason)
    for stale in FourEyesRequest.objects.overdue(now).filter(action=action_name, subject=subject.uuid):
        _expire(stale.pk, now)
    four_eyes_request = FourEyesRequest(
        administration=actor.administration,
        action=action_name,
        subject_type=subject._meta.label_lower,
        subject=subject.uuid,
        subject_person=subject_person,
        requester=actor,
        reason=reason,
        payload=encoding.with_shape(payload or {}),
        requested_at=now,
        expires_at=now + PENDING_FOR,
    )
    try:
        with transaction.atomic():
            four_eyes_request.save(force_insert=True)
    except IntegrityError as error:
        waiting = FourEyesRequest.objects.filter(action=action_name, subject=subject.uuid, state=State.PENDING)
        if not waiting.exists():
            raise
        raise ConflictError(_("A request for this is already waiting for a decision."), code="waiting") from error
    _record(four_eyes_request, actor, now)
    return four_eyes_request


@transaction.atomic
def approve(four_eyes_request, *, reason, actor, now):
    """Approve the request and do the deed, both or neither. Returns the request as it stands then.

    Raises PermissionDenied for anyone but an independent person with the role, ValidationError without a reason,
    ConflictError if the request is closed or out of time, and whatever the deed itself raises.
    """
    decided = _decide(four_eyes_request, State.APPROVED, reason, actor, now)
    action_of(decided.action).apply(decided, actor=actor, now=now)
    _record(decided, actor, now)
    return decided


@transaction.atomic
def refuse(four_eyes_request, *, reason, actor, now):
    """Refuse the request. Who may, and what is raised, as for `approve`."""
    decided = _decide(four_eyes_request, State.REFUSED, reason, actor, now)
    _record(decided, actor, now)
    return decided


@transaction.atomic
def withdraw(four_eyes_request, *, actor, now):
    """Take one's own request back. PermissionDenied for anyone else, ConflictError if it is closed already."""
    locked = _locked(four_eyes_request.pk)
    if actor.pk != locked.requester_id:
        raise PermissionDenied(_("Only the person who made the request can withdraw it."))
    _must_wait(locked, now)
    _close(locked, State.WITHDRAWN, now)
    _record(locked, actor, now)
    return locked


def expire_due(*, now):
    """Close every request that nobody decided in time, each in a transaction of its own. Returns how many."""
    due = list(FourEyesRequest.objects.overdue(now).values_list("pk", flat=True))
    return sum(_expire(pk, now) for pk in due)


@transaction.atomic
def _expire(pk, now):
    """True if this call closed it: another process may have been quicker."""
    locked = _locked(pk)
    if locked.state != State.PENDING:
        return False
    _close(locked, State.EXPIRED, now)
    _record(locked, None, now)
    return True


def _decide(four_eyes_request, state, reason, actor, now):
    locked = _locked(four_eyes_request.pk)
    if not may_decide(actor, locked):
        raise PermissionDenied(_("Someone who neither made this request nor is its subject must decide it."))
    _must_wait(locked, now)
    locked.decided_by = actor
    locked.decision_reason = _required(reason)
    _close(locked, state, now)
    return locked


def _locked(pk):
    """The row as it is now, held until the transaction ends; SQLite's IMMEDIATE holds the whole database."""
    return FourEyesRequest.objects.with_people().select_for_update(of=("self",)).get(pk=pk)


def _must_wait(four_eyes_request, now):
    if four_eyes_request.state != State.PENDING:
        raise ConflictError(
            _("This request is closed already: %(state)s."),
            code="closed",
            params={"state": four_eyes_request.get_state_display()},
        )
    if four_eyes_request.expires_at <= now:
        raise ConflictError(_("This request has run out of time. Please make a new one."), code="expired")


def _close(four_eyes_request, state, now):
    four_eyes_request.state = state
    four_eyes_request.decided_at = now
    four_eyes_request.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


def _record(four_eyes_request, actor, now):
    records.append(
        KIND_OF_STATE[four_eyes_request.state],
        subject=four_eyes_request,
        facts=four_eyes_request.record_facts(),
        actor=actor,
        now=now,
    )


def _required(reason):
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Please give a reason.")}, code="required")
    return reason
