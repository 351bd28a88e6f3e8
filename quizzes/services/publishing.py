"""The publication of drafts: asked for by one person, for one item or many at once, and done by a second one.

What is approved is exactly what is published: the request names each draft by the digest of its content, and a draft
that has changed since lets nothing of the request through.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oversight import four_eyes, records
from oversight.models import FourEyesRequest
from people.models import User
from quizzes import permissions
from quizzes.drafts import states
from quizzes.models import Item, ItemBank, ItemEvent, ItemVersion
from quizzes.services.drafting import Draft
from quizzes.services.reviewing import writers_of

PUBLISH = "quizzes.items.publish"
# What one transaction publishes without holding others up; a larger bank goes in several requests.
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Candidate:
    """A draft that could be published, beside what it would replace. `state` is that of its review."""

    item: Item
    draft: ItemVersion
    published: ItemVersion | None
    state: states.DraftState


def candidates(bank: ItemBank, keys: Collection[str] | None = None) -> list[Candidate]:
    """The open drafts of a bank's items, or of those with these keys, with their words. A few queries for all."""
    items = Item.objects.filter(bank=bank)
    if keys is not None:
        items = items.filter(key__in=keys)
    versions: dict[int, list[ItemVersion]] = {}
    for version in (
        ItemVersion.objects.filter(item__in=items)
        .select_related("item__bank")
        .prefetch_related("texts")
        .order_by("item__key", "number")
    ):
        versions.setdefault(version.item_id, []).append(version)
    opened = [found for found in versions.values() if found[-1].published_at is None]
    in_state = _states_of(found[-1] for found in opened)
    return [
        Candidate(
            found[-1].item,
            found[-1],
            next((version for version in reversed(found) if version.published_at), None),
            in_state[found[-1].item_id],
        )
        for found in opened
    ]


def _states_of(drafts: Iterable[ItemVersion]) -> dict[int, states.DraftState]:
    """How far the review of each draft has come, by its item's id. One query."""
    digests = {draft.item_id: draft.digest for draft in drafts}
    deeds: dict[tuple[int, str], list[str]] = {}
    events = ItemEvent.objects.filter(item__in=digests)
    for item, digest, deed in events.values_list("item", "digest", "deed"):
        deeds.setdefault((item, digest), []).append(deed)
    return {item: states.state_of(deeds.get((item, digest), [])) for item, digest in digests.items()}


def waiting(bank: ItemBank) -> set[str]:
    """The uuids of the items of a bank whose publication somebody has asked for and nobody has decided. One query."""
    asked = FourEyesRequest.objects.filter(
        action=PUBLISH, state=FourEyesRequest.State.PENDING, payload__bank=str(bank.uuid)
    )
    return {each["item"] for payload in asked.values_list("payload", flat=True) for each in payload["items"]}


def ask_for_publication(
    bank: ItemBank, keys: Collection[str], *, reason: str, actor: User, now: datetime
) -> FourEyesRequest:
    """Ask a second person to publish the drafts of these items, all or none. Nothing changes until they approve.

    Raises PermissionDenied; ValidationError for drafts that cannot be published as they stand, by their keys;
    four_eyes.ConflictError where a request about the same waits.
    """
    if not permissions.may_ask_for_publication(actor, bank):
        raise PermissionDenied
    found = candidates(bank, keys)
    _check_asked(bank, set(keys), found)
    writers = User.objects.filter(pk__in=writers_of([each.item for each in found])).values_list("uuid", flat=True)
    payload = {
        "bank": str(bank.uuid),
        "items": [{"item": str(each.item.uuid), "digest": Draft.of(each.draft).digest} for each in found],
        "writers": sorted(map(str, writers)),
    }
    subject = found[0].item if len(found) == 1 else bank
    return four_eyes.request(PUBLISH, subject=subject, payload=payload, reason=reason, actor=actor, now=now)


def _check_asked(bank: ItemBank, keys: set[str], found: list[Candidate]) -> None:
    if not keys:
        raise ValidationError(_("Choose at least one question."))
    if len(keys) > MOST_AT_ONCE:
        raise ValidationError(
            ngettext(
                "At most %(count)d question is published at once.",
                "At most %(count)d questions are published at once.",
                MOST_AT_ONCE,
            ),
            params={"count": MOST_AT_ONCE},
        )
    in_requests = waiting(bank)
    problems = [
        (_("These have no draft to publish: %(keys)s."), sorted(keys - {each.item.key for each in found})),
        (
            _("A reviewer sent these back. Change them, or ask for review again: %(keys)s."),
            [each.item.key for each in found if each.state not in states.PUBLISHABLE],
        ),
        (
            _("These are retired. Bring them back first: %(keys)s."),
            [each.item.key for each in found if each.item.retired_at],
        ),
        (
            _("A request for these is already waiting for a decision: %(keys)s."),
            [each.item.key for each in found if str(each.item.uuid) in in_requests],
        ),
    ]
    wrong = [message % {"keys": ", ".join(named)} for message, named in problems if named]
    if wrong:
        raise ValidationError(wrong)


def publish_as_approved(four_eyes_request: FourEyesRequest, *, actor: User, now: datetime) -> None:
    """What an approval does, within its transaction: every draft that it names is published, or none is.

    Raises four_eyes.ConflictError where a draft is not any more what was asked for, or a reviewer has sent it back
    since. The items are held, as a review holds them: of two reviewers who decide at once, one is first.
    """
    wanted = {each["item"]: each["digest"] for each in four_eyes_request.payload["items"]}
    items = list(
        Item.objects.select_for_update(no_key=True, of=("self",))
        .select_related("bank")
        .filter(uuid__in=wanted)
        .order_by("pk")
    )
    drafts = _open_drafts(items)
    changed = [
        item.key
        for item in items
        if item.pk not in drafts or Draft.of(drafts[item.pk]).digest != wanted[str(item.uuid)] or item.retired_at
    ]
    if changed:
        raise four_eyes.ConflictError(
            _("These have changed since publication was asked for: %(keys)s. Nothing was published."),
            params={"keys": ", ".join(changed)},
        )
    in_state = _states_of(drafts.values())
    returned = [item.key for item in items if in_state[item.pk] not in states.PUBLISHABLE]
    if returned:
        raise four_eyes.ConflictError(
            _("A reviewer has sent these back since publication was asked for: %(keys)s. Nothing was published."),
            params={"keys": ", ".join(returned)},
        )
    ItemVersion.objects.filter(pk__in=[draft.pk for draft in drafts.values()]).update(published_at=now)
    records.append_many(
        records.Happening(
            "quizzes.item.published",
            drafts[item.pk],
            {
                "bank": item.bank.slug,
                "key": item.key,
                "number": drafts[item.pk].number,
                "digest": wanted[str(item.uuid)],
                "request": str(four_eyes_request.uuid),
            },
            actor,
            now,
        )
        for item in items
    )


def _open_drafts(items: Iterable[Item]) -> dict[int, ItemVersion]:
    """The draft of each item that has one after everything that is published, by the item's id."""
    newest: dict[int, ItemVersion] = {}
    for version in ItemVersion.objects.filter(item__in=items).prefetch_related("texts").order_by("item", "number"):
        newest[version.item_id] = version
    return {item: version for item, version in newest.items() if version.published_at is None}


def asked_candidates(four_eyes_request: FourEyesRequest) -> list[Candidate]:
    """What a request that waits would publish, as the drafts stand today."""
    bank = ItemBank.objects.get(uuid=four_eyes_request.payload["bank"])
    uuids = [each["item"] for each in four_eyes_request.payload["items"]]
    keys = Item.objects.filter(bank=bank, uuid__in=uuids).values_list("key", flat=True)
    return candidates(bank, list(keys))


def consequence_of_publication(four_eyes_request: FourEyesRequest) -> str:
    """What the decider should know, in a sentence; what changes word by word has a page of its own."""
    count = len(four_eyes_request.payload["items"])
    bank = ItemBank.objects.get(uuid=four_eyes_request.payload["bank"])
    return ngettext(
        "%(count)d question of the bank “%(bank)s” is published as it was when this was asked for."
        " Learners get it with the next release of their course.",
        "%(count)d questions of the bank “%(bank)s” are published as they were when this was asked for."
        " Learners get them with the next release of their course.",
        count,
    ) % {"count": count, "bank": bank.title}
