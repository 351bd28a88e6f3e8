"""Every address and every role: who gets in, who is refused, and for whom a thing does not even exist.

An address without a row fails, so that nobody adds a page without deciding whose it is.
"""

# ruff: noqa: E501 - the table is wider than a line

import itertools
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone
from wagtail.documents.models import Document

from certificates import services as certificates
from cohorts import own_dates, private
from cohorts.supervision import requiring
from core import kept_files
from people import invitations
from people.models import Role
from people.services import grant_role
from quizzes import content
from quizzes.accommodations import Measures
from quizzes.kinds.choices import Rating
from quizzes.models import ItemText, ItemVersion
from quizzes.services import Draft, ask_for_publication, grant_accommodation, keep_medium, submit_attempt, write_draft
from quizzes.services.marking import take_next
from quizzes.services.proposing import Deed, Proposal
from quizzes.services.regrading import ask_for_regrade
from tests.factories.certificates import a_certificate
from tests.factories.cohorts import a_group, a_place, steps_of
from tests.factories.disputes import a_report, a_taken_appeal
from tests.factories.markings import a_quiz_with_essays, an_essay, hand_in_files
from tests.factories.media import picture_bytes
from tests.factories.people import PASSWORD, a_holiday, a_partner, an_account, an_administration, sign_in
from tests.factories.quizzes import a_graded_attempt, an_attempt, give_grade, raw_form, true_or_false
from tests.factories.refreshers import a_completed_place, a_material_change, a_refresher
from tests.factories.sittings import a_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# yes: the page, or the deed is done.   in: to the sign-in page.   no: refused (403).   --: does not exist (404).
# go: on to another page, because there is nothing to do here.
#
# All are of one administration but `far`, who holds every role in another. The enrolment, the attempt and the
# certificate are the learner's; `fellow` is in the same group, `tutor` looks after it, `other` after another group.
# `officer` has asked for the revocation that `oversight:…` is about; `second` is a colleague. `super` is a superuser
# without a role: whoever runs the machine has no right to people's records. Partners have a table of their own below.
TABLE = """
                                          visitor learner fellow  tutor   other   manager far     officer second  author  auditor super
GET  healthz                              yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_login                        yes     go      go      go      go      go      go      go      go      go      go      go
GET  account_logout                       go      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_inactive                     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_reauthenticate               in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_change_password              in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_set_password                 in      go      go      go      go      go      go      go      go      go      go      go
GET  account_reset_password               yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_reset_password_done          yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_reset_password_from_key      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  account_reset_password_from_key_done yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  mfa_index                            in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  mfa_authenticate                     in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_reauthenticate                   in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_activate_totp                    in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_deactivate_totp                  in      --      --      --      --      --      --      --      --      --      --      --
GET  mfa_view_recovery_codes              in      --      --      --      --      --      --      --      --      --      --      --
GET  mfa_generate_recovery_codes          in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_download_recovery_codes          in      --      --      --      --      --      --      --      --      --      --      --
GET  mfa_list_webauthn                    in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  mfa_add_webauthn                     in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_reauthenticate_webauthn          in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_remove_webauthn                  in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_edit_webauthn                    in      go      go      go      go      go      go      go      go      go      go      go
GET  mfa_login_webauthn                   in      go      go      go      go      go      go      go      go      go      go      go
GET  choose_language                      go      go      go      go      go      go      go      go      go      go      go      go
GET  choose_line                          go      go      go      go      go      go      go      go      go      go      go      go
POST choose_line                          go      go      go      go      go      go      go      go      go      go      go      go
GET  officer_import                       in      no      no      no      no      yes     yes     no      no      no      no      no
POST officer_import                       in      no      no      no      no      yes     yes     no      no      no      no      no
GET  officer_import_example               in      no      no      no      no      yes     yes     no      no      no      no      no
GET  officer_import_confirm               in      no      no      no      no      go      go      no      no      no      no      no
POST officer_import_confirm               in      no      no      no      no      go      go      no      no      no      no      no
GET  partners                             in      no      no      no      no      yes     yes     no      no      no      no      no
GET  invite_partner                       in      no      no      no      no      yes     yes     no      no      no      no      no
POST invite_partner                       in      no      no      no      no      go      go      no      no      no      no      no
GET  partner                              in      no      no      no      no      yes     --      no      no      no      no      no
POST partner                              in      no      no      no      no      go      --      no      no      no      no      no
POST withdraw_invitation                  in      no      no      no      no      go      --      no      no      no      no      no
GET  join                                 yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
POST join                                 in      in      in      in      in      in      in      in      in      in      in      in
GET  working_calendar                     in      no      no      no      no      yes     yes     no      no      no      no      no
GET  working_week                         in      no      no      no      no      yes     yes     no      no      no      no      no
POST working_week                         in      no      no      no      no      go      go      no      no      no      no      no
GET  second_calendar                      in      no      no      no      no      yes     yes     no      no      no      no      no
POST second_calendar                      in      no      no      no      no      go      go      no      no      no      no      no
GET  add_holiday                          in      no      no      no      no      yes     yes     no      no      no      no      no
POST add_holiday                          in      no      no      no      no      go      go      no      no      no      no      no
GET  holiday_import                       in      no      no      no      no      yes     yes     no      no      no      no      no
POST holiday_import                       in      no      no      no      no      yes     yes     no      no      no      no      no
GET  holiday_example                      in      no      no      no      no      yes     yes     no      no      no      no      no
GET  holiday_import_confirm               in      no      no      no      no      go      go      no      no      no      no      no
POST holiday_import_confirm               in      no      no      no      no      go      go      no      no      no      no      no
GET  change_holiday                       in      no      no      no      no      yes     --      no      no      no      no      no
POST change_holiday                       in      no      no      no      no      go      --      no      no      no      no      no
POST remove_holiday                       in      no      no      no      no      go      --      no      no      no      no      no
GET  demonstration_mail                   yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  oversight:requests                   in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  oversight:records                    in      no      no      no      no      no      yes     no      no      no      yes     no
GET  find_past_day                        in      no      no      no      no      no      yes     no      no      no      yes     no
POST find_past_day                        in      no      no      no      no      no      yes     no      no      no      yes     no
GET  past_day                             in      no      no      no      no      no      --      no      no      no      yes     no
GET  oversight:request                    in      no      no      no      no      no      --      yes     yes     no      yes     no
POST oversight:decide                     in      no      no      no      no      no      --      no      go      no      no      no
POST oversight:withdraw                   in      no      no      no      no      no      --      go      no      no      no      no
GET  dashboard                            in      no      no      yes     yes     yes     yes     no      no      no      yes     no
GET  cohort_dashboard                     in      no      no      yes     --      yes     --      no      no      no      yes     no
GET  cohort_learners_csv                  in      no      no      yes     --      yes     --      no      no      no      yes     no
GET  give_places                          in      no      no      no      no      yes     --      no      no      no      no      no
POST give_places                          in      no      no      no      no      yes     --      no      no      no      no      no
GET  give_place                           in      no      no      no      no      yes     --      no      no      no      no      no
POST give_place                           in      no      no      no      no      go      --      no      no      no      no      no
GET  runs_for_person                      in      no      no      no      no      yes     --      no      no      no      no      no
GET  run_release                          in      no      no      no      no      yes     --      no      no      no      no      no
POST run_release                          in      no      no      no      no      --      --      no      no      no      no      no
GET  run_refreshers                       in      no      no      no      no      yes     --      no      no      no      no      no
POST run_refreshers                       in      no      no      no      no      --      --      no      no      no      no      no
GET  refresher                            in      no      no      no      no      yes     --      no      no      no      yes     no
GET  withdraw_refresher                   in      no      no      no      no      yes     --      no      no      no      no      no
POST withdraw_refresher                   in      no      no      no      no      go      --      no      no      no      no      no
GET  run_sittings                         in      no      no      yes     --      yes     --      no      no      no      no      no
POST run_sittings                         in      no      no      go      --      go      --      no      no      no      no      no
POST supervise_quiz                       in      no      no      no      --      go      --      no      no      no      no      no
GET  sitting                              in      no      no      yes     --      yes     --      no      no      no      no      no
GET  sitting_code                         in      no      no      yes     --      yes     --      no      no      no      no      no
GET  sitting_person                       in      no      no      yes     --      yes     --      no      no      no      no      no
POST sitting_code                         in      no      no      go      --      go      --      no      no      no      no      no
POST sitting_person                       in      no      no      go      --      go      --      no      no      no      no      no
POST close_sitting                        in      no      no      go      --      go      --      no      no      no      no      no
GET  verify_code                          yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  verify                               yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  certificates                         in      no      no      no      no      no      yes     yes     yes     no      yes     no
GET  certificate                          in      no      no      no      no      no      --      yes     yes     no      yes     no
GET  certificate_revoke                   in      no      no      no      no      no      --      yes     yes     no      no      no
POST certificate_revoke                   in      no      no      no      no      no      --      go      go      no      no      no
GET  regrade_item                         in      no      no      no      no      no      yes     no      no      yes     no      no
POST regrade_item                         in      no      no      no      no      no      go      no      no      go      no      no
GET  publication                          in      no      no      no      no      no      --      no      no      yes     yes     no
GET  accommodations                       in      no      no      no      no      no      yes     yes     yes     no      no      no
POST accommodations                       in      no      no      no      no      no      yes     yes     yes     no      no      no
GET  accommodate                          in      no      no      no      no      no      --      yes     yes     no      no      no
POST accommodate                          in      no      no      no      no      no      --      go      go      no      no      no
POST end_accommodation                    in      no      no      no      no      no      --      go      go      no      no      no
GET  standing_passes                      in      no      no      no      no      no      yes     yes     yes     no      no      no
GET  foreseen                             in      no      no      no      no      no      --      yes     yes     no      no      no
GET  change_score                         in      no      no      no      no      no      --      yes     yes     no      no      no
POST change_score                         in      no      no      no      no      no      --      go      go      no      no      no
GET  withdraw_pass                        in      no      no      no      no      no      --      yes     yes     no      no      no
POST withdraw_pass                        in      no      no      no      no      no      --      yes     yes     no      no      no
GET  question_cases                       in      no      no      no      no      no      yes     no      no      yes     no      no
GET  question_case                        in      no      no      no      no      no      --      no      no      yes     no      no
POST question_case                        in      no      no      no      no      no      --      no      no      go      no      no
GET  appeals                              in      no      no      no      no      no      yes     yes     yes     no      no      no
GET  appeal                               in      no      no      no      no      no      --      yes     yes     no      no      no
POST appeal                               in      no      no      no      no      no      --      go      go      no      no      no
GET  appeal_answers                       in      no      no      no      no      no      --      yes     no      no      no      no
GET  appeal_medium                        in      no      no      no      no      no      --      yes     no      no      no      no
GET  pass_question_on                     in      no      no      no      no      no      --      yes     no      no      no      no
POST pass_question_on                     in      no      no      no      no      no      --      go      no      no      no      no
GET  overdue_answers                      in      no      no      no      no      yes     yes     no      no      no      no      no
GET  appeal_period                        in      no      no      no      no      no      yes     yes     yes     no      no      no
POST appeal_period                        in      no      no      no      no      no      go      go      go      no      no      no
GET  marking                              in      no      no      yes     yes     no      yes     no      no      no      no      no
GET  name_markers                         in      no      no      no      no      yes     yes     no      no      no      no      no
POST name_markers                         in      no      no      no      no      yes     yes     no      no      no      no      no
GET  marking_next                         in      no      no      go      go      no      go      no      no      no      no      no
POST marking_next                         in      no      no      go      go      no      go      no      no      no      no      no
GET  marking_answer                       in      no      no      yes     go      no      go      no      no      no      no      no
POST marking_answer                       in      no      no      go      go      no      go      no      no      no      no      no
POST marking_decline                      in      no      no      go      go      no      go      no      no      no      no      no
GET  marking_file                         in      no      no      yes     --      no      --      no      no      no      no      no
GET  marking_medium                       in      no      no      yes     --      no      --      no      no      no      no      no
GET  catalogue                            yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  national_texts                       in      no      no      no      no      yes     yes     no      no      no      no      no
GET  national_text                        in      no      no      no      no      yes     yes     no      no      no      no      no
POST national_text                        in      no      no      no      no      go      go      no      no      no      no      no
GET  partner_catalogue                    yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  corrections                          in      no      no      no      no      no      yes     no      no      yes     yes     no
GET  propose_correction                   in      no      no      no      no      no      yes     no      no      yes     no      no
POST propose_correction                   in      no      no      no      no      no      yes     no      no      yes     no      no
GET  my_learning                          in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  learn                                in      yes     --      --      --      --      --      --      --      --      --      --
GET  learn_done                           in      go      go      go      go      go      go      go      go      go      go      go
POST learn_done                           in      go      --      --      --      --      --      --      --      --      --      --
GET  learn_start                          in      go      go      go      go      go      go      go      go      go      go      go
POST learn_start                          in      go      --      --      --      --      --      --      --      --      --      --
GET  learn_write                          in      go      go      go      go      go      go      go      go      go      go      go
POST learn_write                          in      go      --      --      --      --      --      --      --      --      --      --
GET  learn_bookmark                       in      go      go      go      go      go      go      go      go      go      go      go
POST learn_bookmark                       in      go      --      --      --      --      --      --      --      --      --      --
GET  my_dates                             in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
POST open_feed                            in      go      go      go      go      go      go      go      go      go      go      go
POST close_feed                           in      go      go      go      go      go      go      go      go      go      go      go
GET  calendar_feed                        yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  my_writing                           in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  my_writing_file                      in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  my_writing_forget                    in      go      go      go      go      go      go      go      go      go      go      go
POST my_writing_forget                    in      go      --      --      --      --      --      --      --      --      --      --
GET  pocket_card                          in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
POST pocket_card                          in      go      go      go      go      go      go      go      go      go      go      go
GET  my_certificates                      in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  my_certificate                       in      yes     --      --      --      --      --      --      --      --      --      --
GET  certificate_pdf                      in      yes     --      --      --      --      --      yes     yes     --      yes     --
GET  certificate_pdf_state                in      yes     --      --      --      --      --      yes     yes     --      yes     --
GET  my_accommodation                     in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  quiz_paper                           in      yes     --      --      --      --      --      --      --      --      --      --
POST quiz_paper                           in      go      --      --      --      --      --      --      --      --      --      --
GET  quiz_question                        in      yes     --      --      --      --      --      --      --      --      --      --
POST quiz_question                        in      go      --      --      --      --      --      --      --      --      --      --
GET  quiz_check                           in      yes     --      --      --      --      --      --      --      --      --      --
GET  quiz_submit                          in      go      --      --      --      --      --      --      --      --      --      --
POST quiz_submit                          in      go      --      --      --      --      --      --      --      --      --      --
GET  quiz_result                          in      go      --      --      --      --      --      --      --      --      --      --
GET  report_question                      in      yes     --      --      --      --      --      --      --      --      --      --
POST report_question                      in      go      --      --      --      --      --      --      --      --      --      --
GET  quiz_appeal                          in      yes     --      --      --      --      --      --      --      --      --      --
POST quiz_appeal                          in      go      --      --      --      --      --      --      --      --      --      --
POST withdraw_appeal                      in      go      --      --      --      --      --      --      --      --      --      --
GET  my_disputes                          in      yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  quiz_state                           in      yes     --      --      --      --      --      --      --      --      --      --
GET  quiz_medium                          in      yes     --      --      --      --      --      --      --      --      --      --
GET  quiz_file                            in      yes     --      --      --      --      --      --      --      --      --      --
GET  item_medium                          in      no      no      no      no      no      yes     no      no      yes     no      yes
GET  wagtaildocs_serve                    yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
GET  kept_file                            yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes     yes
"""
LINES = [line.split() for line in TABLE.strip().splitlines()]
PEOPLE, ROWS = LINES[0], [(line[0], line[1], line[2:]) for line in LINES[1:]]

# A partner from outside gets into these addresses of the table. Every other one does not exist for them.
FOR_PARTNERS = """
GET yes  account_change_password account_inactive account_logout account_reauthenticate account_reset_password
GET yes  account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done
GET yes  calendar_feed demonstration_mail healthz join kept_file mfa_index mfa_list_webauthn my_accommodation
GET yes  my_certificates my_dates
GET yes  my_disputes my_learning my_writing my_writing_file partner_catalogue pocket_card verify verify_code wagtaildocs_serve
GET go   account_login account_set_password catalogue choose_language choose_line learn_bookmark learn_done learn_start
GET go   learn_write mfa_activate_totp mfa_add_webauthn mfa_authenticate mfa_edit_webauthn mfa_generate_recovery_codes
GET go   mfa_login_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn my_writing_forget
POST go  choose_line close_feed open_feed pocket_card
POST in  join
"""
PARTNERS_GET = {
    (method, name): answer
    for method, answer, *names in (line.split() for line in FOR_PARTNERS.strip().splitlines())
    for name in names
}

# Without a row: the signs of life need a broker (tests/elearning/test_health.py), the pages of the catalogue and their
# pictures are for everybody (tests/courses), and no page or document is protected by a password of its own.
ELSEWHERE = {"readyz", "media", "wagtail_serve", "wagtailcore_login"}
ELSEWHERE |= {"wagtailcore_authenticate_with_password", "wagtaildocs_authenticate_with_password"}

MEANING = {200: "yes", 202: "yes", 409: "yes", 422: "yes", 403: "no", 404: "--"}


@dataclass(frozen=True)
class Scene:
    """Everybody's browser, what stands in the addresses, and what a form would send."""

    clients: dict[str, Client]
    places: dict[str, dict | tuple]
    forms: dict[str, dict]

    def answer(self, person: str, method: str, name: str) -> str:
        """What the person is answered; whatever they did is undone."""
        place = self.places.get(name, {})
        address = reverse(name, args=place) if isinstance(place, tuple) else reverse(name, kwargs=place)
        with transaction.atomic():
            client = self.clients[person]
            response = client.post(address, self.forms.get(name, {})) if method == "POST" else client.get(address)
            transaction.set_rollback(True)
        if response.status_code == 302:
            return "in" if "/accounts/login/" in response["Location"] else "go"
        return MEANING.get(response.status_code, str(response.status_code))


@pytest.fixture
def scene():
    now = timezone.now()
    here = an_administration()
    group, other_group = a_group(here), a_group(here)
    people = {
        "learner": an_account(here),
        "fellow": an_account(here),
        "tutor": an_account(here, Role.TUTOR),
        "other": an_account(here, Role.TUTOR),
        "manager": an_account(here, Role.TRAINING_MANAGER),
        "far": an_account(None, *Role),
        "officer": an_account(here, Role.CERTIFYING_OFFICER),
        "second": an_account(here, Role.CERTIFYING_OFFICER),
        "author": an_account(here),
        "auditor": an_account(here, Role.AUDITOR),
        "super": an_account(here, is_superuser=True),
        "partner": a_partner(here),
    }
    grant_role(people["author"], Role.AUTHOR, actor=None, now=now)
    people["author"].refresh_from_db()
    group.tutors.add(people["tutor"])
    other_group.tutors.add(people["other"])
    place = a_place(people["learner"], group, now=now)
    a_place(people["fellow"], group, now=now)
    [quiz], lesson = steps_of(place, "quiz"), steps_of(place, "lesson")[0]
    version = place.release.nodes.get(key=quiz.key).quiz_version
    attempt = an_attempt(people["learner"], version, now=now, registration=place.uuid, activity=quiz.key)
    medium = keep_medium(ContentFile(picture_bytes(30, 20)), "picture.jpg", now=now)
    words = ItemText.objects.filter(version=attempt.served_items[0]["version"]).first()
    words.content["media"] = [{"sha256": medium.sha256, "kind": "image", "alt": "A picture"}]
    words.save()
    essay = an_attempt(people["learner"], a_quiz_with_essays(files=1), now=now, registration=place.uuid)
    hand_in_files(essay, ("essay.txt", b"I refuse."), now=now)
    ItemText.objects.filter(version=essay.served_items[0]["version"]).update(
        content=an_essay()[2]["en"] | {"media": words.content["media"]}
    )
    submit_attempt(essay, learner=people["learner"], now=now)
    give_grade(essay, now=now)
    to_mark = take_next(people["tutor"], now=now)
    judged = a_graded_attempt(Rating.RISKY, learner=people["learner"], quiz_version=version, now=now)
    served = ItemVersion.objects.get(pk=judged.served_items[0]["version"])
    words = ItemText.objects.filter(version=served).first()
    words.content["media"] = [{"sha256": medium.sha256, "kind": "image", "alt": "A picture"}]
    words.save()
    content.forget()
    case = a_report(judged, now=now).case
    appeal = a_taken_appeal(judged, people["officer"], now=now)
    certificate = a_certificate(people["learner"], group=other_group)
    fellows_certificate = a_certificate(people["fellow"], group=other_group)
    private.write_own_plan("Somebody asks", "I say no", writer=people["learner"], now=now)
    [written] = private.everything_of(people["learner"])
    reviewer = an_account(here, Role.SUBJECT_REVIEWER)
    other_item = ItemVersion.objects.get(pk=judged.served_items[1]["version"])
    granted = grant_accommodation(
        people["learner"], Measures(time_percent=125), category="other", actor=people["officer"], now=now
    )
    regrade = ask_for_regrade(Proposal(other_item, Deed.DROP), reason="It is wrong.", actor=reviewer, now=now)
    bank = other_item.item.bank
    write_draft(bank, "draft", Draft("true_false", 1, *true_or_false(True)[1:]))
    publication = ask_for_publication(bank, ["draft"], reason="It is new.", actor=people["author"], now=now)
    asked = certificates.ask_for_revocation(certificate, reason="Another's papers.", actor=people["officer"], now=now)
    refreshed = a_completed_place(user=an_account(here))
    a_material_change(refreshed.release, [steps_of(refreshed, "lesson")[0].key])
    requiring.require(group.section.cohort, quiz.key, actor=people["manager"], now=now)
    sitting = a_sitting(place, actor=people["tutor"], now=now)
    document = Document.objects.create(title="Form", file=ContentFile(b"%PDF-1.4", name="form.pdf"))

    yesterday = now - timedelta(days=1)
    clients = {"visitor": Client()} | {name: sign_in(Client(), person) for name, person in people.items()}
    of_certificate, of_request = {"uuid": certificate.uuid}, {"uuid": asked.uuid}
    of_run = {"cohort": group.section.cohort.uuid}
    of_lesson, of_quiz = ({"enrolment": place.uuid, "node": step.key} for step in (lesson, quiz))
    of_appeal, of_case = {"uuid": appeal.uuid}, {"uuid": case.uuid}
    places = {
        "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "choose_language": {"code": "fr"},
        "choose_line": {"choice": "low"},
        "national_text": {"slot": "gift_limit", "language": "en"},
        "officer_import_confirm": {"token": uuid.uuid4()},
        "holiday_import_confirm": {"token": uuid.uuid4()},
        "wagtaildocs_serve": (document.pk, document.filename),
        "kept_file": {"path": kept_files.keep(document.file).name.partition("/")[2]},
        "verify": {"code": certificate.code},
        "certificate_revoke": {"uuid": fellows_certificate.uuid},
        "calendar_feed": {"token": own_dates.token_of(own_dates.open_feed(people["learner"], now=now))},
        "learn": of_lesson,
        "past_day": dict(zip(("year", "month", "day"), yesterday.timetuple(), strict=False))
        | {"enrolment": place.uuid},
        "refresher": {"refresher": a_refresher(refreshed.cohort).uuid},
        "learn_done": of_lesson,
        "learn_write": of_lesson,
        "learn_bookmark": of_lesson,
        "learn_start": of_quiz,
        "quiz_question": {"attempt": attempt.uuid, "number": 1},
        "quiz_medium": {"attempt": attempt.uuid, "sha256": medium.sha256},
        "item_medium": {"sha256": medium.sha256},
        "regrade_item": {"version": served.uuid},
        "accommodate": {"person": people["learner"].uuid},
        "end_accommodation": {"accommodation": granted.uuid},
        "foreseen": {"uuid": regrade.uuid},
        "publication": {"uuid": publication.uuid},
        "change_score": {"attempt": judged.uuid},
        "withdraw_pass": {"attempt": judged.uuid},
        "report_question": {"attempt": judged.uuid, "number": 2},
        "question_case": of_case,
        "appeal_medium": of_appeal | {"sha256": medium.sha256},
        "pass_question_on": of_appeal | {"number": 3},
        "quiz_file": {"attempt": essay.uuid, "file": essay.files.get().uuid},
        "marking_answer": {"uuid": to_mark.uuid},
        "marking_decline": {"uuid": to_mark.uuid},
        "marking_file": {"uuid": to_mark.uuid, "file": essay.files.get().uuid},
        "marking_medium": {"uuid": to_mark.uuid, "sha256": medium.sha256},
    }
    places |= dict.fromkeys(["quiz_appeal", "withdraw_appeal"], {"attempt": judged.uuid})
    places |= dict.fromkeys(["appeal", "appeal_answers"], of_appeal)
    letter = {
        "full_name": "Rosa Brokers",
        "organisation": "Brokers Ltd",
        "language": "en",
        "access_until": now.date() + timedelta(days=90),
        "actor": None,
        "now": now,
    }
    invited, accepted = (invitations.invite(here, email=f"{each}@brokers.example", **letter) for each in ("a", "b"))
    invitations.accept(accepted, full_name="Rosa Brokers", password=PASSWORD, now=now)
    places |= {"join": {"token": invitations.token_of(invited)}, "partner": {"invitation": accepted.uuid}}
    places["withdraw_invitation"] = {"invitation": invited.uuid}
    places["withdraw_refresher"] = places["refresher"]
    places |= dict.fromkeys(["change_holiday", "remove_holiday"], {"holiday": a_holiday(here).uuid})
    places |= dict.fromkeys(["oversight:request", "oversight:decide", "oversight:withdraw"], of_request)
    places |= dict.fromkeys(
        ["cohort_dashboard", "cohort_learners_csv", "give_places", "run_release", "run_refreshers", "run_sittings"],
        of_run,
    )
    places |= {
        "give_place": of_run | {"person": people["second"].uuid},
        "supervise_quiz": of_run | {"step": quiz.key},
        "sitting_person": {"sitting": sitting.uuid, "enrolment": place.uuid},
        "runs_for_person": {"person": people["second"].uuid},
    }
    places |= dict.fromkeys(["sitting", "sitting_code", "close_sitting"], {"sitting": sitting.uuid})
    places |= dict.fromkeys(
        ["certificate", "my_certificate", "certificate_pdf", "certificate_pdf_state"], of_certificate
    )
    places |= dict.fromkeys(
        ["quiz_paper", "quiz_check", "quiz_submit", "quiz_result", "quiz_state"], {"attempt": attempt.uuid}
    )
    forms = {
        "national_text": {"text": "Nothing at all.", "after": 0},
        "invite_partner": {
            "email": "c@brokers.example",
            "full_name": "Rosa Brokers",
            "organisation": "Brokers Ltd",
            "language": "en",
            "access_until": now.date() + timedelta(days=90),
        },
        "give_place": {"group": group.uuid},
        "run_sittings": {
            "step": quiz.key,
            "who": f"group-{group.uuid}",
            "place": "Room 4",
            "opens_at": f"{now:%Y-%m-%dT%H:%M}",
            "closes_at": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        },
        "supervise_quiz": {"deed": "lift"},
        "sitting_code": {"deed": "renew"},
        "sitting_person": {"deed": "present"},
        "partner": {"until": now.date() + timedelta(days=30)},
        "join": {"full_name": "Ana Broker", "password": PASSWORD, "again": PASSWORD},
        "withdraw_refresher": {"reason": "It was opened by mistake."},
        "working_week": {"working_weekdays": ["7", "1", "2", "3", "4"], "first_weekday": "7"},
        "second_calendar": {"calendar": "persian"},
        "add_holiday": {"day": "2026-01-01", "name_en": "New Year's Day"},
        "change_holiday": {"day": "2026-01-02", "name_en": "The day after"},
        "learn_start": {"start_key": uuid.uuid4()},
        "learn_write": {"kind": "note", "text": "A thought", "sequence": 1},
        "my_writing_forget": {"which": written.uuid},
        "pocket_card": {"condition": "Somebody offers", "response": "I say no"},
        "quiz_paper": raw_form(0, "1"),
        "quiz_question": raw_form(0, "1"),
        "oversight:decide": {"decision": "approve", "reason": "The papers are on file."},
        "certificate_revoke": {"reason": "Another's papers."},
        "accommodations": {"who": "Nobody at all"},
        "accommodate": {"time_percent": "150", "extra_attempts": "0", "category": "sight"},
        "regrade_item": {"deed": "drop", "reason": "It is wrong.", "ask": "1"},
        "change_score": {"score": "80", "reason": "The appeal is right."},
        "withdraw_pass": {"reason": "It was no pass."},
        "report_question": {"reason": "unclear", "words": "Both are right."},
        "pass_question_on": {"reason": "unclear", "words": "Both are right."},
        "quiz_appeal": {"grounds": "Both are right."},
        "question_case": {"deed": "take"},
        "appeal": {"deed": "take", "before": people["officer"].uuid},
        "appeal_period": {"days": "20"},
        "marking_answer": {"m-c1": "1", "m-c2": "1", "m-sequence": "1"},
    }
    yield Scene(clients, places, forms)
    document.file.delete(save=False)


def test_everybody_gets_what_the_table_says_and_nothing_else(scene):
    wrong = []
    for method, name, expected in ROWS:
        found = [scene.answer(person, method, name) for person in PEOPLE]
        wrong += [
            f"{method} {name}: {person} gets {got}, not {wanted}"
            for person, got, wanted in zip(PEOPLE, found, expected, strict=True)
            if got != wanted
        ]
    assert not wrong, "\n".join(wrong)


def test_for_a_partner_from_outside_no_address_exists_that_nobody_has_decided_on(scene):
    wrong = []
    for method, name, _expected in ROWS:
        got, wanted = scene.answer("partner", method, name), PARTNERS_GET.get((method, name), "--")
        if got != wanted:
            wrong.append(f"{method} {name}: a partner gets {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    assert PARTNERS_GET.keys() <= {(method, name) for method, name, _expected in ROWS}


def addresses(resolver=None, path="", namespace=""):
    """Every address with its name; one without a name by the first word of its path."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here, namespace + (pattern.name or here.lstrip("^").split("/")[0])
        else:
            yield from addresses(pattern, here, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))


def test_no_address_is_without_a_row():
    named = {name for path, name in addresses() if not path.startswith("cms/")}
    assert named - {name for _method, name, _expected in ROWS} == ELSEWHERE


def authoring():
    """Every address of Wagtail's pages and ours under /cms/, with something in its places."""
    for path, _name in addresses():
        if not path.startswith("cms/"):
            continue
        filled = re.sub(r"\(\?P<\w+>[^)]*\)", "1", path).replace("\\", "").replace("^", "").replace("$", "")
        filled = re.sub(r"<uuid:[^>]+>", str(uuid.UUID(int=1)), re.sub(r"<int:[^>]+>", "1", filled))
        address = "/" + re.sub(r"<[^>]+>", "x", filled)
        resolve(address)  # raises where what was filled in does not fit
        yield address


# Pictures and words of Wagtail's own; and its way round our sign-in page, which is closed.
FOR_VISITORS = {"/cms/sprite/": 200, "/cms/jsi18n/": 200} | {
    f"/cms/password_reset/{step}": 404 for step in ("", "done/", "confirm/x/x/", "complete/")
}


def test_authoring_is_for_authors_alone(scene):
    """Visitors sign in first and everybody without the role is refused, whatever is or is not at the address.

    Who is refused takes turns: the role that is missing is the same for all.
    """
    wrong = []
    others = itertools.cycle(["learner", "tutor", "manager", "officer", "auditor"])
    for address, other in zip(authoring(), others, strict=False):
        for person, expected in (("visitor", FOR_VISITORS.get(address, 302)), (other, 403)):
            got = scene.clients[person].get(address)
            if got.status_code != expected:
                wrong.append(f"{person} gets {got.status_code} at {address}, not {expected}")
        if (got := scene.clients["partner"].get(address)).status_code != 404:
            wrong.append(f"a partner gets {got.status_code} at {address}")
    assert not wrong, "\n".join(wrong)
    for person in ("author", "super"):
        assert scene.clients[person].get("/cms/").status_code == 200
