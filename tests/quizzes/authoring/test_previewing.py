"""The preview is the learner's question, in each language, and the review of what is answered there."""

import pytest
from django.urls import reverse

from quizzes.models import Response
from tests.factories.quizzes import a_bank_of
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", every_kind.LANGUAGES)
@pytest.mark.parametrize("kind", list(every_kind.SENT))
def test_every_kind_is_shown_as_a_learner_sees_it_and_as_the_review_tells_it(writing, reviewing, kind, language):
    bank = a_bank_of(next(each for each in every_kind.items() if each[0] == kind))
    address = reverse("itembank:preview_item", args=[bank.pk, "item-0"])
    page = writing.get(address, {"language": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert "/cms/" in address
    answer = every_kind.form(1, kind)
    reviewed = reviewing.get(address, answer | {"language": language, "review": "1"})
    assert reviewed.status_code == 200
    assert reviewed.context["reviewed"].outcome != "open"
    if kind != "scenario":
        assert f"The rationale in {language}." in reviewed.content.decode()
    assert not Response.objects.exists()


def test_nonsense_is_no_answer(writing):
    bank = a_bank_of(next(iter(every_kind.items())))
    address = reverse("itembank:preview_item", args=[bank.pk, "item-0"])
    reviewed = writing.get(address, {"q1": "99", "review": "1"})
    assert reviewed.context["reviewed"].outcome == "open"
