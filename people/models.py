"""Who there is: administrations, their offices and posts, the officers who hold them, and their accounts."""

import datetime
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import Identified, TimeStamped
from people.sessions import Session  # noqa: F401 - a table of this app
from people.working_days import DayOff


class Role(models.TextChoices):
    """What a person may do beyond learning. Everyone with an account may learn."""

    TUTOR = "tutor", _("Tutor")
    ASSESSOR = "assessor", _("Assessor")
    TRAINING_MANAGER = "training_manager", _("Training manager")
    CERTIFYING_OFFICER = "certifying_officer", _("Certifying officer")
    AUTHOR = "author", _("Author")
    SUBJECT_REVIEWER = "subject_reviewer", _("Subject reviewer")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    AUDITOR = "auditor", _("Auditor")


class Administration(Identified, TimeStamped):
    """A customs administration. One installation serves one or several; none sees another's people or records."""

    pii = {}

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    country_code = models.CharField(_("country (ISO 3166-1)"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("main language"), max_length=12, default="en")
    # The channel for real offences. This platform takes none in; every page says where to go instead.
    reporting_channel = models.CharField(_("reporting channel"), max_length=300, blank=True)
    reporting_url = models.URLField(_("address of the reporting channel"), blank=True)
    # Weekdays as ISO numbers them, from 1 for Monday to 7; `people.calendars` writes them.
    first_weekday = models.PositiveSmallIntegerField(_("first day of the week"), default=1)
    working_weekdays = models.CharField(
        _("working days"), max_length=7, default="12345", validators=[RegexValidator("^1?2?3?4?5?6?7?$")]
    )

    # The calendar in which days are said beside the Gregorian one, by its name in `core.second_calendar`.
    second_calendar = models.CharField(_("second calendar"), max_length=20, blank=True, default="")

    class Meta:
        ordering = ["name"]
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_weekday__range=(1, 7)), name="week_begins_on_one_of_seven_days"
            ),
            models.CheckConstraint(condition=~models.Q(working_weekdays=""), name="week_has_a_working_day"),
        ]

    def __str__(self):
        return self.name


class OfAdministration(models.QuerySet):
    """Rows that belong to one administration. Every list of them starts with `visible_to`."""

    def visible_to(self, user):
        """The rows of the user's own administration; nothing for visitors."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(administration_id=user.administration_id)


class HolidayQuerySet(OfAdministration):
    def of(self, administration):
        """The holidays of one administration with their names, in the order of the first day of each. Two queries."""
        return self.filter(administration=administration).prefetch_related("names")


class Holiday(Identified, TimeStamped):
    """A day on which the whole administration rests: once, or every year from that day on.

    Days are the administration's own: each office has the holiday on its own calendar, whatever its zone.
    Feasts of a calendar whose year is of another length are entered for each year. Written by `people.calendars`.
    """

    pii = {}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="holidays")
    day = models.DateField(_("day"))
    yearly = models.BooleanField(_("every year"), default=False)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "day"],
                name="holiday_once_a_day",
                violation_error_message=_("This day is a holiday already."),
            ),
        ]

    def __str__(self):
        return f"{self.administration_id}: {self.day.isoformat()}"

    def as_day_off(self) -> DayOff:
        return DayOff(self.day, self.yearly, {name.language: name.name for name in self.names.all()})


class HolidayName(models.Model):
    """What a holiday is called in one language."""

    pii = {}

    holiday = models.ForeignKey(Holiday, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=12)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["holiday", "language"], name="holiday_name_once_per_language")]

    def __str__(self):
        return self.name


class Office(Identified, TimeStamped):
    """A place in the organisation: a tree from headquarters over regional offices to border posts."""

    pii = {}

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        REGIONAL = "regional", _("Regional office")
        BORDER_POST = "border_post", _("Border post")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="offices")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    # Deadlines fall at the office's midnight, not the head office's.
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    objects = OfAdministration.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(fields=["administration", "name"], name="office_name_once"),
        ]

    def __str__(self):
        return self.name


class Post(Identified, TimeStamped):
    """A position that officers hold in turn. Its risk level decides how often its holder is refreshed (rule 5)."""

    pii = {}

    class Risk(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        HIGH = "high", _("High-risk")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("title"), max_length=200)
    risk = models.CharField(_("risk level"), max_length=10, choices=Risk.choices, default=Risk.ORDINARY)
    sensitive_since = models.DateField(_("sensitive since"), null=True, blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(risk="ordinary") | models.Q(sensitive_since__isnull=False),
                name="high_risk_post_since_a_date",
            ),
        ]

    def __str__(self):
        return self.title


class UserQuerySet(OfAdministration):
    def holding(self, *roles):
        """Those who may sign in and hold one of the roles today, each once."""
        held = RoleGrant.objects.filter(user=models.OuterRef("pk"), role__in=roles, ended_at=None)
        return self.filter(models.Exists(held), is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, *, administration, staff_number, full_name, password=None, **fields):
        """Make an account. An e-mail may be missing; the staff number never is. Without a password nobody signs in."""
        fields["email"] = (fields.get("email") or "").strip().lower() or None
        user = self.model(administration=administration, staff_number=staff_number, full_name=full_name, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin, Identified):
    """An account. The UUID is the only name by which the record log and the address bar know a person.

    A person signs in with the staff number, unique within the administration, or with the e-mail, which may be
    missing. Names are one field, as people write them, with a Latin form for certificates read abroad.
    """

    pii = {
        "staff_number": "identifier",
        "email": "contact",
        "full_name": "name",
        "latin_name": "name",
        "language": "preference",
        "time_zone": "preference",
        "saves_data": "preference",
        "external_until": "employment",
        "last_login": "activity",
        "password": "secret",
    }

    # Editable, unlike other identifiers, only because Wagtail's account form insists on the USERNAME_FIELD.
    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True)
    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="users")
    staff_number = models.CharField(_("staff number"), max_length=40)
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001 - empty texts would not be unique
    full_name = models.CharField(_("full name"), max_length=200)
    latin_name = models.CharField(_("name in Latin script"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    # Whether pages are to spare the line; unknown as long as the person has not said so (core.bandwidth).
    saves_data = models.BooleanField(_("spares the line"), null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # The last day of somebody from outside, in the administration's zone; empty for its own people. Such an account
    # has no officer and no role (`people.external_learners`).
    external_until = models.DateField(_("external learner until"), null=True, blank=True, editable=False)
    # Its password is published: it answers in a demonstration, on the machine itself, and nowhere else.
    is_demonstration = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    # What the open RoleGrants say, kept beside the account so that a page need not ask for them.
    # `services.grant_role` and `end_role` alone write it, in the transaction of the grant.
    roles = models.JSONField(default=list, blank=True, editable=False)

    USERNAME_FIELD = "uuid"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["staff_number", "full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                "administration",
                Lower("staff_number"),
                name="staff_number_once_per_administration",
                violation_error_message=_("Another account of this administration has this staff number."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="email_once",
                violation_error_message=_("Another account has this e-mail address."),
            ),
        ]

    def __str__(self):
        return self.full_name

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name

    def get_username(self):
        """What Wagtail writes where a user name would stand. Nobody signs in with it."""
        return self.full_name

    def natural_key(self):
        return (str(self.uuid),)

    def clean(self):
        """Django would normalise the user name here; ours is a UUID and has one form only."""

    def holds(self, *roles):
        """Whether the person holds any of the roles today."""
        return any(role in self.roles for role in roles)

    @property
    def is_external(self):
        """Whether the person is a partner from outside the administration, who learns what is open to partners."""
        return self.external_until is not None

    @property
    def is_staff_member(self):
        """Whether the person has any role beyond learning, and therefore needs a second factor."""
        return bool(self.roles) or self.is_superuser

    @property
    def is_staff(self):
        """Django's name for it; Wagtail's user list shows it."""
        return self.is_staff_member


class InvitationQuerySet(OfAdministration):
    def waiting(self, now):
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(Identified):
    """A letter that lets somebody from outside make an account. Written by `people.invitations`.

    It waits until `expires_at`; the account it leads to learns through `access_until`, which may be changed later on
    the account (`User.external_until`). Another invitation of the same address withdraws the first.
    """

    pii = {
        "email": "contact",
        "full_name": "name",
        "organisation": "employment",
        "invited_by": "link",
        "account": "link",
    }

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    full_name = models.CharField(_("full name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200)
    language = models.CharField(_("language"), max_length=12)
    access_until = models.DateField(_("last day of access"))
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    account = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation", verbose_name=_("account")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "administration",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_of_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, account=None)
                | models.Q(accepted_at__isnull=False, account__isnull=False, withdrawn_at=None),
                name="invitation_accepted_with_an_account",
            ),
        ]

    def __str__(self):
        return str(self.uuid)

    def record_facts(self):
        """What the record log says of it. Name and address stay out: the log is read by others, and for long."""
        return {
            "organisation": self.organisation,
            "access_until": self.access_until.isoformat(),
            "expires_at": _instant(self.expires_at),
        }


class RoleGrant(Identified):
    """A role given to a person from a moment on, until it is ended. Rows are ended, never deleted."""

    pii = {"user": "link", "role": "employment"}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(ended_at=None), name="role_open_once_per_user"
            ),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.role}"

    def record_facts(self):
        """What the record log says of the row, and compares it with."""
        return {
            "user": str(self.user.uuid),
            "role": str(self.role),
            "granted_at": _instant(self.granted_at),
            "ended_at": _instant(self.ended_at),
        }


def _instant(moment):
    return moment and moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


class Officer(Identified, TimeStamped):
    """The employment side of a person. Partners and external learners have an account and no officer."""

    pii = {
        "user": "link",
        "rank": "employment",
        "category": "employment",
        "gender": "demographic",
        "education": "demographic",
        "hire_date": "employment",
        "customs_related": "employment",
    }

    class Category(models.TextChoices):
        CIVIL_SERVANT = "civil_servant", _("Civil servant")
        EMPLOYEE = "employee", _("Employee")
        UNIFORMED = "uniformed", _("Uniformed")

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        UNSTATED = "unstated", _("Not stated")

    class Education(models.TextChoices):
        SECONDARY = "secondary", _("Secondary school")
        VOCATIONAL = "vocational", _("Vocational training")
        UNIVERSITY = "university", _("University")
        UNSTATED = "unstated", _("Not stated")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="officers")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="officer")
    rank = models.CharField(_("rank"), max_length=100, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, default=Gender.UNSTATED)
    education = models.CharField(_("education"), max_length=12, choices=Education.choices, default=Education.UNSTATED)
    hire_date = models.DateField(_("hired on"), null=True, blank=True)
    customs_related = models.BooleanField(_("customs-related"), default=True)

    objects = OfAdministration.as_manager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")

    def __str__(self):
        return str(self.user)


class PostingQuerySet(models.QuerySet):
    def current(self, on):
        """Postings in force on a day: `since` is the first day, `until` the last."""
        return self.filter(since__lte=on).filter(models.Q(until=None) | models.Q(until__gte=on))


class Posting(Identified, TimeStamped):
    """An officer's time in a post, by days in the office's calendar."""

    pii = {"officer": "link", "post": "employment", "since": "employment", "until": "employment"}

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="posting_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(until=None), name="one_open_posting_per_officer"
            ),
        ]

    def __str__(self):
        return f"{self.officer_id} → {self.post_id}"
