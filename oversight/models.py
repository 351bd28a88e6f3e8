"""The record log and the requests that wait for a second pair of eyes.

The log's tables are append-only in the database itself (`append_only.py`); `records.py` alone writes them.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from oversight import encoding
from people.models import Administration, OfAdministration, User


class RecordEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries of the user's administration, and those of no administration: deeds of the installation itself."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(administration=user.administration.uuid) | Q(administration=None))

    def about(self, subject):
        """The entries about one row, oldest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject=subject.uuid).order_by("sequence")

    def head(self):
        """The newest entry, or None in an empty log."""
        return self.order_by("-sequence").first()


class RecordEntry(Identified):
    """One link of the chain: that something happened, when, by whom and about which row; never what.

    Accounts and rows are named by UUID alone. What happened stands in the detail, which may be erased; `commitment`
    binds the entry to it all the same. The fields and their hash are described in `encoding.py` and are final.
    """

    pii = {"actor": "link", "subject": "link"}

    sequence = models.BigIntegerField(unique=True)
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=100)
    # UUIDs, not foreign keys: the log outlives the rows it speaks of, and must not move when they do.
    actor = models.UUIDField(null=True)
    administration = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=100)
    subject = models.UUIDField()
    commitment = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)
    encoding_version = models.PositiveSmallIntegerField(default=encoding.ENCODING_VERSION)

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("record")
        verbose_name_plural = _("records")
        indexes = [
            models.Index(fields=["subject_type", "subject", "sequence"], name="recordentry_of_subject"),
            models.Index(fields=["administration", "sequence"], name="recordentry_of_administration"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="recordentry_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.sequence} {self.kind}"

    def encoded(self):
        """The entry as the pure verification knows it, including the hash that the row claims."""
        return encoding.Entry(
            sequence=self.sequence,
            uuid=self.uuid,
            recorded_at=self.recorded_at,
            kind=self.kind,
            actor=self.actor,
            administration=self.administration,
            subject_type=self.subject_type,
            subject=self.subject,
            commitment=self.commitment,
            previous_hash=self.previous_hash,
            entry_hash=self.entry_hash,
            encoding_version=self.encoding_version,
        )


class RecordDetail(models.Model):
    """What an entry says, with the salt of its commitment. Never changed.

    It can be deleted only after an entry of kind `oversight.detail.erased` about its entry (`records.erase_detail`);
    a trigger sees to that. The chain does not need it.
    """

    pii = {"facts": "content"}

    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="detail")
    salt = models.CharField(max_length=64)
    facts = models.JSONField()

    class Meta:
        verbose_name = _("detail of a record")
        verbose_name_plural = _("details of records")

    def __str__(self):
        return f"detail of entry {self.entry_id}"


class Verification(models.Model):
    """The outcome of one run of `verify_records` over this database; the newest is shown to the auditor."""

    pii = {}

    verified_at = models.DateTimeField()
    entries = models.BigIntegerField()
    # Of the last entry seen; 0 and the genesis hash in an empty log.
    head_sequence = models.BigIntegerField()
    head_hash = models.CharField(max_length=64)
    witnessed_rows = models.BigIntegerField()
    findings = models.BigIntegerField()
    # The first finding in words, without values of any row.
    first_finding = models.TextField(blank=True)

    class Meta:
        ordering = ["-verified_at", "-pk"]
        get_latest_by = ["verified_at", "pk"]
        verbose_name = _("verification of the records")
        verbose_name_plural = _("verifications of the records")

    def __str__(self):
        return f"{self.verified_at:%Y-%m-%d %H:%M}: {self.findings}"

    @property
    def holds(self):
        return self.findings == 0


class FourEyesQuerySet(OfAdministration):
    def pending(self, now):
        """Requests that can still be decided."""
        return self.filter(state=FourEyesRequest.State.PENDING, expires_at__gt=now)

    def overdue(self, now):
        """Requests that nobody decided in time and that nobody has closed yet."""
        return self.filter(state=FourEyesRequest.State.PENDING, expires_at__lte=now)

    def closed(self):
        return self.exclude(state=FourEyesRequest.State.PENDING)

    def independent_of(self, user):
        """Requests that the user neither made nor is the subject of."""
        return self.exclude(requester=user).exclude(subject_person=user)

    def with_people(self):
        return self.select_related("administration", "requester", "subject_person", "decided_by")


class FourEyesRequest(Identified):
    """A deed that takes effect only when a second person, neither requester nor subject, has approved it.

    `pending` becomes exactly one of `approved`, `refused`, `withdrawn`, `expired`, and stays so. An approval applies
    the deed in the same transaction. `decided_at` is the instant the request left `pending`, whatever the way;
    `decided_by` and `decision_reason` belong to a decision by a person alone. `four_eyes.py` alone writes here.
    """

    pii = {
        "subject_person": "link",
        "requester": "link",
        "decided_by": "link",
        "reason": "content",
        "payload": "content",
        "decision_reason": "content",
    }

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="four_eyes_requests")
    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject = models.UUIDField()
    subject_person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="four_eyes_requests_about"
    )
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="four_eyes_requests_made")
    reason = models.TextField(_("reason"))
    # What `Action.apply` needs to do the deed: {"shape": 1, …}, of the kinds of value the record log takes.
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="four_eyes_requests_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(_("reason for the decision"), blank=True)

    objects = FourEyesQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("four-eyes request")
        verbose_name_plural = _("four-eyes requests")
        indexes = [
            models.Index(fields=["administration", "state", "expires_at"], name="four_eyes_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "subject"], condition=Q(state="pending"), name="four_eyes_one_pending_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(subject_person=None) | ~Q(subject_person=F("requester")),
                name="four_eyes_requester_is_not_subject",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requester")),
                name="four_eyes_decider_is_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(subject_person=None) | ~Q(decided_by=F("subject_person")),
                name="four_eyes_decider_is_not_subject",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="pending", decided_at=None, decided_by=None, decision_reason="")
                    | (
                        Q(state__in=["approved", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                        & ~Q(decision_reason="")
                    )
                    | Q(
                        state__in=["withdrawn", "expired"],
                        decided_at__isnull=False,
                        decided_by=None,
                        decision_reason="",
                    )
                ),
                name="four_eyes_decision_is_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="four_eyes_has_a_reason"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="four_eyes_expires_after_request"
            ),
        ]

    def __str__(self):
        return f"{self.action} ({self.state})"

    def record_facts(self):
        """Everything the row says, for the record log; with it a changed row shows (`witnesses.py`)."""
        return {
            "action": self.action,
            "subject_type": self.subject_type,
            "subject": str(self.subject),
            "subject_person": _uuid_of(self.subject_person),
            "administration": str(self.administration.uuid),
            "requester": str(self.requester.uuid),
            "reason": self.reason,
            "payload": self.payload,
            "state": str(self.state),
            "requested_at": encoding.instant_text(self.requested_at),
            "expires_at": encoding.instant_text(self.expires_at),
            "decided_by": _uuid_of(self.decided_by),
            "decided_at": encoding.instant_text(self.decided_at) if self.decided_at else None,
            "decision_reason": self.decision_reason,
        }


def _uuid_of(person):
    return str(person.uuid) if person else None
