"""What is proposed about an item version that turned out to be wrong, before two people make it an adjustment."""

import hashlib
from dataclasses import dataclass

from oversight import encoding
from oversight.models import FourEyesRequest
from quizzes import adjusted, content
from quizzes.kinds.contract import WrongItem
from quizzes.models import ItemAdjustment, ItemVersion

# The four-eyes request that asks for it.
ADJUST = "quizzes.item.adjust"

Deed = ItemAdjustment.Deed


@dataclass(frozen=True)
class Proposal:
    """What is to be done about an item version. `structure` and `texts` belong to a new key; None is as published."""

    version: ItemVersion
    deed: Deed
    structure: dict | None = None
    texts: dict | None = None

    @classmethod
    def of_payload(cls, version: ItemVersion, payload: dict) -> "Proposal":
        """What was proposed, as `as_payload` said it."""
        return cls(version, Deed(payload["deed"]), payload.get("structure"), payload.get("texts"))

    def as_adjustment(self) -> ItemAdjustment:
        """The row that an approval would write, not saved. Raises WrongItem for a new key that is none."""
        adjustment = ItemAdjustment(version=self.version, deed=self.deed)
        if self.deed == Deed.CHANGE_KEY:
            adjustment.structure = self.version.structure if self.structure is None else self.structure
            published = content.item_texts([self.version.pk])[self.version.pk]
            adjustment.texts = published if self.texts is None else self.texts
            adjusted.check(self.version, adjustment.structure, adjustment.texts)
        return adjustment

    def as_payload(self) -> dict:
        """What is proposed, as a request and a preview keep it. Raises WrongItem for a new key that is none."""
        adjustment = self.as_adjustment()
        payload = {"shape": 1, "deed": str(self.deed)}
        if self.deed == Deed.CHANGE_KEY:
            payload |= {"structure": adjustment.structure, "texts": adjustment.texts}
        return payload


def digest_of(payload: dict) -> str:
    """The SHA-256 by which the same proposal about a version is known again."""
    return hashlib.sha256(encoding.canonical_json(payload)).hexdigest()


def proposal_of(four_eyes_request: FourEyesRequest) -> Proposal:
    """What a request asks for."""
    version = ItemVersion.objects.select_related("item__bank").get(uuid=four_eyes_request.subject)
    return Proposal.of_payload(version, four_eyes_request.payload)


def newer_keys(version: ItemVersion) -> dict[ItemVersion, Proposal]:
    """The newer published versions of an item that differ from this one in the key alone, each with what it proposes.

    Only the languages that were asked count: what a newer version says in others was said to nobody. A few queries.
    """
    asked = content.item_texts([version.pk])[version.pk]
    newer = version.item.versions.filter(published_at__isnull=False, number__gt=version.number, kind=version.kind)
    found = {}
    for each in newer.order_by("-number").prefetch_related("texts"):
        texts = {text.language: text.content for text in each.texts.all() if text.language in asked}
        if (each.structure, texts) == (version.structure, asked):
            continue
        proposal = Proposal(version, Deed.CHANGE_KEY, each.structure, texts)
        try:
            proposal.as_adjustment()
        except WrongItem:
            continue
        found[each] = proposal
    return found
