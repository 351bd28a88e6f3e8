"""Every change to people that crosses rows. The only door for other apps.

Each function does one thing in one transaction, checks that the actor may do it, and announces it inside that
transaction (`signals.py`); `oversight` hears what must be recorded. `actor` is the account that acts, None for the
system; `now` is an aware instant.
"""

import datetime
import zoneinfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import languages
from people import officer_import, permissions, signals
from people.models import Office, Officer, Post, Posting, Role, RoleGrant, User

AUTHORS = "Authors"
# Who writes and who reviews works in Wagtail, whose rights are those of groups.
GROUPS = {
    Role.AUTHOR: AUTHORS,
    Role.SUBJECT_REVIEWER: "Subject reviewers",
    Role.LEGAL_REVIEWER: "Legal reviewers",
}
# Some 20 ms of writing on SQLite when all are new: others who wait for the write lock do not notice.
OFFICERS_A_CHUNK = 50


# --- Roles ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_role(user, role, *, actor, now, second_person=None):
    """Give the person a role from now on. A role already held is left as it is, and its grant returned.

    A role that approves, issues or audits takes a `second_person` who is neither actor nor user: `oversight` brings
    both. Raises PermissionDenied, or ValidationError for an account that may not sign in.
    """
    role = Role(role)
    _may_grant(user, role, actor, second_person)
    user = _locked(user)
    if not user.is_active:
        raise ValidationError(_("This account may not sign in. It cannot be given a role."), code="inactive")
    if user.is_external:
        raise ValidationError(_("A partner from outside cannot be given a role."), code="external")
    held = RoleGrant.objects.filter(user=user, role=role, ended_at=None).first()
    if held:
        return held
    grant = RoleGrant.objects.create(user=user, role=role, granted_at=now)
    _write_roles(user)
    if role in GROUPS:
        user.groups.add(group_of(role))
    signals.role_granted.send(
        sender=User, user=user, role=role, grant=grant, actor=actor, second_person=second_person, now=now
    )
    return grant


@transaction.atomic
def end_role(user, role, *, actor, now):
    """End the person's role now; None if it was not held. A training manager may, and anyone for themselves."""
    role = Role(role)
    if actor is not None and actor.pk != user.pk and not permissions.may_grant(actor, user):
        raise PermissionDenied(_("You may not end this role."))
    user = _locked(user)
    grant = RoleGrant.objects.filter(user=user, role=role, ended_at=None).first()
    if grant is None:
        return None
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    _write_roles(user)
    if role in GROUPS:
        user.groups.remove(group_of(role))
    signals.role_ended.send(sender=User, user=user, role=role, grant=grant, actor=actor, now=now)
    return grant


def authors():
    """Wagtail's group of those who write; `courses` gives it its pages."""
    return group_of(Role.AUTHOR)


def group_of(role):
    """Wagtail's group of a role that writes or reviews; what it may do with pages is `courses`' affair."""
    group, made = Group.objects.get_or_create(name=GROUPS[Role(role)])
    if made:
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


def _may_grant(user, role, actor, second_person):
    if actor is None:
        return
    if actor.pk == user.pk or not permissions.may_grant(actor, user):
        raise PermissionDenied(_("You may not grant this role."))
    if role not in permissions.TWO_PERSON_ROLES:
        return
    if (
        second_person is None
        or second_person.pk in (actor.pk, user.pk)
        or not permissions.may_second_a_grant(second_person, user)
    ):
        raise PermissionDenied(_("Granting this role takes a second person who is neither asking nor receiving it."))


def _locked(user):
    """The account as it is now, held until the transaction ends; SQLite holds the whole database."""
    return User.objects.select_for_update().get(pk=user.pk)


def _write_roles(user):
    """Keep beside the account what its open grants say."""
    open_grants = RoleGrant.objects.filter(user=user, ended_at=None)
    user.roles = sorted(open_grants.values_list("role", flat=True))
    user.save(update_fields=["roles"])


# --- Officers -------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_officer(
    *,
    administration,
    staff_number,
    full_name,
    category,
    customs_related,
    actor,
    now,
    password=None,
    email=None,
    latin_name="",
    language=None,
    time_zone=None,
    rank="",
    gender=Officer.Gender.UNSTATED,
    education=Officer.Education.UNSTATED,
    hire_date=None,
):
    """Make an account and its officer. Without a password the person chooses one through a letter.

    Raises PermissionDenied, or ValidationError when the staff number or the e-mail is taken.
    """
    _may_manage(actor, administration)
    user = User.objects.create_user(
        administration=administration,
        staff_number=staff_number,
        full_name=full_name,
        password=password,
        email=email,
        latin_name=latin_name,
        language=language or administration.language,
        time_zone=time_zone or administration.time_zone,
    )
    officer = Officer.objects.create(
        administration=administration,
        user=user,
        rank=rank,
        category=category,
        gender=gender,
        education=education,
        hire_date=hire_date,
        customs_related=customs_related,
    )
    signals.officer_created.send(sender=Officer, officer=officer, actor=actor, now=now)
    return officer


@transaction.atomic
def post_officer(officer, post, *, since, actor, now):
    """Put the officer into a post from the day `since` on; the open posting ends the day before.

    A second posting for the same day corrects the first. The post already held is left as it is. Raises
    PermissionDenied, or ValidationError when a later posting is entered already or the post is another
    administration's.
    """
    _may_manage(actor, officer.administration)
    if post.office.administration_id != officer.administration_id:
        raise ValidationError(_("This post belongs to another administration."), code="foreign")
    Officer.objects.select_for_update().get(pk=officer.pk)
    previous = Posting.objects.filter(officer=officer, until=None).first()
    if previous and previous.post_id == post.pk:
        return previous
    if previous and previous.since > since:
        raise ValidationError(
            _("A posting that begins on %(date)s is entered already."), code="later", params={"date": previous.since}
        )
    if previous and previous.since == since:
        previous.post = post
        previous.save(update_fields=["post", "updated_at"])
        posting, previous = previous, None
    else:
        if previous:
            previous.until = since - datetime.timedelta(days=1)
            previous.save(update_fields=["until", "updated_at"])
        posting = Posting.objects.create(officer=officer, post=post, since=since)
    signals.officer_posted.send(
        sender=Posting, officer=officer, posting=posting, previous=previous, actor=actor, now=now
    )
    return posting


def _may_manage(actor, administration):
    if actor is not None and not (
        permissions.manages_officers(actor) and actor.administration_id == administration.pk
    ):
        raise PermissionDenied(_("You may not change the officers of this administration."))


# --- Officers from a file -------------------------------------------------------------------------------------------


def known_for_import(administration, *, now):
    """What a file of officers is checked against: one reading of the administration as it stands. Six queries."""
    key = officer_import.key
    offices = dict(Office.objects.filter(administration=administration).values_list("pk", "name"))
    posts = Post.objects.filter(office__administration=administration).values_list("office_id", "title")
    officers = {officer.user_id: officer for officer in Officer.objects.filter(administration=administration)}
    postings = {
        posting.officer_id: posting
        for posting in Posting.objects.filter(officer__administration=administration, until=None).select_related(
            "post"
        )
    }
    people = {}
    for user in User.objects.filter(administration=administration):
        officer = officers.get(user.pk)
        posting = postings.get(officer.pk) if officer else None
        people[key(user.staff_number)] = officer_import.Present(
            staff_number=user.staff_number,
            full_name=user.full_name,
            latin_name=user.latin_name,
            email=user.email,
            language=user.language,
            holds_role=user.is_staff_member,
            is_officer=officer is not None,
            office=offices[posting.post.office_id] if posting else None,
            post=posting.post.title if posting else None,
            posted_since=posting.since if posting else None,
            rank=officer.rank if officer else "",
            category=officer.category if officer else "",
            gender=officer.gender if officer else "",
            hire_date=officer.hire_date if officer else None,
            customs_related=officer.customs_related if officer else None,
        )
    emails = {}
    owners = User.objects.exclude(email=None).values_list("email", "administration_id", "staff_number")
    for email, owner_administration, staff_number in owners:
        emails[email.lower()] = key(staff_number) if owner_administration == administration.pk else None
    with translation.override(administration.language):
        usual_post = gettext("Officer")
    return officer_import.Known(
        today=_today(administration, now),
        offices={key(name): name for name in offices.values()},
        posts=frozenset((key(offices[office]), key(title)) for office, title in posts),
        people=people,
        emails=emails,
        languages=tuple(languages.codes()),
        categories=dict(Officer.Category.choices),
        genders=dict(Officer.Gender.choices),
        usual_post=usual_post,
    )


def import_officers(rows, *, administration, actor, now):
    """Bring in checked rows (`officer_import.Report.officers`): make new officers, change known ones.

    Returns how many were written. Works in transactions of `OFFICERS_A_CHUNK` rows, each whole or not at all. When
    another change came between the check and now, the chunk it hits raises (ValidationError, IntegrityError) and
    changes nothing; chunks before it stand, and bringing the same file in again leaves them as they are.
    """
    _may_manage(actor, administration)
    today = _today(administration, now)
    offices = {
        officer_import.key(office.name): office for office in Office.objects.filter(administration=administration)
    }
    posts = {
        (post.office_id, officer_import.key(post.title)): post
        for post in Post.objects.filter(office__administration=administration).select_related("office")
    }
    accounts = {
        officer_import.key(number): pk
        for pk, number in User.objects.filter(administration=administration).values_list("pk", "staff_number")
    }
    for start in range(0, len(rows), OFFICERS_A_CHUNK):
        chunk = rows[start : start + OFFICERS_A_CHUNK]
        pks = {row: accounts.get(officer_import.key(row.staff_number)) for row in chunk}
        new = [row for row, pk in pks.items() if pk is None]
        with transaction.atomic():
            _bring_in_new(new, administration, offices, posts, today, actor, now)
            users = User.objects.select_related("officer").in_bulk([pk for pk in pks.values() if pk])
            for row, pk in pks.items():
                if pk is not None:
                    post = _post_for(row, offices, posts)
                    _bring_up_to_date(row, users[pk], post, administration, today, actor, now)
    return len(rows)


def _post_for(row, offices, posts):
    """The row's post, made as an ordinary one if it is new: whether a post is high-risk is not HR's file to say."""
    office = offices.get(officer_import.key(row.office))
    if office is None:
        raise ValidationError(_("An office was renamed or removed in the meantime."), code="changed")
    name = (office.pk, officer_import.key(row.post))
    if name not in posts:
        posts[name] = Post.objects.create(office=office, title=row.post)
    return posts[name]


def _bring_in_new(rows, administration, offices, posts, today, actor, now):
    """New accounts, officers and first postings in three statements; the checks were made, the constraints stand."""
    users = User.objects.bulk_create(
        User(
            administration=administration,
            staff_number=row.staff_number,
            full_name=row.full_name,
            latin_name=row.latin_name or "",
            email=row.email,
            language=row.language or administration.language,
            time_zone=offices[officer_import.key(row.office)].time_zone,
            password=make_password(None),
        )
        for row in rows
    )
    officers = Officer.objects.bulk_create(
        Officer(
            administration=administration,
            user=user,
            rank=row.rank or "",
            category=row.category,
            gender=row.gender or Officer.Gender.UNSTATED,
            hire_date=row.hire_date,
            customs_related=row.customs_related,
        )
        for row, user in zip(rows, users, strict=True)
    )
    postings = Posting.objects.bulk_create(
        Posting(officer=officer, post=_post_for(row, offices, posts), since=row.hire_date or today)
        for row, officer in zip(rows, officers, strict=True)
    )
    for officer, posting in zip(officers, postings, strict=True):
        signals.officer_created.send(sender=Officer, officer=officer, actor=actor, now=now)
        signals.officer_posted.send(
            sender=Posting, officer=officer, posting=posting, previous=None, actor=actor, now=now
        )


def _bring_up_to_date(row, user, post, administration, today, actor, now):
    _change(user, _said(row, "full_name", "latin_name", "email", "language"))
    employment = _said(row, "rank", "category", "gender", "hire_date", "customs_related")
    officer = getattr(user, "officer", None)
    if officer is None:
        officer = Officer.objects.create(administration=administration, user=user, **employment)
        signals.officer_created.send(sender=Officer, officer=officer, actor=actor, now=now)
    else:
        _change(officer, employment)
    post_officer(officer, post, since=today, actor=actor, now=now)


def _said(row, *columns):
    """What the file says in these columns; a column about which it says nothing is left out."""
    return {column: value for column in columns if (value := getattr(row, column)) is not None}


def _change(row, values):
    """Save what differs, and nothing when nothing does."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)


def _today(administration, now):
    return now.astimezone(zoneinfo.ZoneInfo(administration.time_zone)).date()
