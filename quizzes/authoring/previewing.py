"""A question as a learner sees it, in each of its languages, draft or published; and, once it is answered here, as the
review shows it. Nothing is kept.
"""

import random
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from core import languages
from quizzes.authoring.pages import ItemPage
from quizzes.authoring.showing import language_of
from quizzes.kinds import KINDS
from quizzes.kinds.contract import Fields, MalformedAnswer
from quizzes.media import Shelf
from quizzes.models import ItemVersion
from quizzes.questions import Question, field_name
from quizzes.review import ReviewedItem, in_full

NAME = field_name(1)


def question_of(version: ItemVersion, language: str, words: dict, answer: dict | None) -> Question:
    """The question as its page shows it, in an order that is the same at each look."""
    shown = KINDS[version.kind].shown(version.structure, arrangement_of(version), words, answer)
    shelf = Shelf(None, [shown])
    return Question(version.kind, NAME, language, shown, shelf.stem(shown), shelf.picture(shown))


def arrangement_of(version: ItemVersion) -> dict:
    return KINDS[version.kind].arrange(version.structure, random.Random(version.pk))  # noqa: S311 - nothing is secret


def answer_of(version: ItemVersion, sent: dict[str, list[str]]) -> dict | None:
    """What was answered on the page, None for nothing and for nonsense."""
    try:
        return KINDS[version.kind].read(version.structure, arrangement_of(version), Fields(sent, NAME))
    except MalformedAnswer:
        return None


def reviewed_of(version: ItemVersion, language: str, texts: dict[str, dict], answer: dict | None) -> ReviewedItem:
    """The review of an answer to it, with all that the policy may tell."""
    kind = KINDS[version.kind]
    key = kind.key(version.structure, texts)
    shown = kind.reviewed(version.structure, arrangement_of(version), texts[language], answer, key=key, tell_key=True)
    shelf = Shelf(None, [shown])
    reviewed = ReviewedItem(1, version.kind, language, key.judge(answer).outcome, shown)
    return replace(in_full(reviewed, answer), media=shelf.stem(shown), picture=shelf.picture(shown))


class PreviewItem(ItemPage):
    page_title = _("Preview")
    template_name = "quizzes/admin/preview.html"

    def get_context_data(self, **kwargs):
        sent = dict(self.request.GET.lists())
        of_published = bool(self.published and (not self.draft or self.request.GET.get("of") == "published"))
        version = self.published if of_published else self.draft
        texts = {text.language: text.content for text in version.texts.all()}
        asked = self.request.GET.get("language", "")
        language = asked if asked in texts else language_of(texts)
        answer = answer_of(version, sent)
        return super().get_context_data(**kwargs) | {
            "item": self.item,
            "version": version,
            "of_published": of_published,
            "has_both": bool(self.draft and self.published),
            "language": language,
            "tongues": [(code, languages.name(code)) for code in sorted(texts)],
            "question": question_of(version, language, texts[language], answer),
            "reviewed": reviewed_of(version, language, texts, answer) if "review" in sent else None,
            "here": self.here,
        }
