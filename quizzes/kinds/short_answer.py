"""Items that are answered with a few words of one's own.

Structure: `{"shape": 2, "case": false, "accents": false, "wildcards": false}`. Where `case` or `accents` is false,
such differences do not count (quizzes.kinds.written); with `wildcards`, `*` in an accepted answer stands for any text
and `\\*` for itself.

Words: `{"shape": 2, "stem": …, "accepted": [{"text": …, "fraction": "1", "feedback": …?}]}`. The best match counts. An
answer that is accepted in one language is accepted in all: the office's word is often the English one.

Answer: `{"shape": 1, "text": "as typed"}`.
"""

from dataclasses import dataclass

from quizzes.kinds.contract import LONGEST_LINE, NOTHING, UNANSWERED, ItemJudgement, ItemKey, Kind
from quizzes.kinds.shapes import asked, check_parts, check_texts, explained
from quizzes.kinds.written import RULES, AcceptedTexts, check_accepted, check_rules, feedback_on, right_texts


@dataclass(frozen=True)
class ShortAnswerKey(ItemKey):
    """The accepted answers of all languages."""

    accepted: AcceptedTexts

    def judge(self, answer):
        return UNANSWERED if answer is None else ItemJudgement.of(self.accepted.credit(answer["text"]))


class ShortAnswer(Kind):
    name = "short_answer"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", *RULES}, shape=2)
        check_rules(structure)
        check_texts(texts, {"accepted"})
        for language, words in texts.items():
            check_accepted(language, structure, words.get("accepted"))

    def arrange(self, structure, source):
        return {}

    def read(self, structure, arrangement, fields):
        text = fields.written()
        return {"shape": 1, "text": text} if text else None

    def shown(self, structure, arrangement, words, answer):
        return {**asked(words), "text": answer["text"] if answer else "", "longest": LONGEST_LINE}

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        return {
            **explained(words, tell_key),
            "text": answer["text"] if answer else "",
            "credited": key.judge(answer).fraction > NOTHING,
            "feedback": feedback_on(structure, words["accepted"], answer["text"]) if answer else "",
            "right": right_texts(structure, words["accepted"]) if tell_key else [],
        }

    def key(self, structure, texts):
        accepted = [each for words in texts.values() for each in words["accepted"]]
        return ShortAnswerKey(AcceptedTexts.of(structure, accepted))
