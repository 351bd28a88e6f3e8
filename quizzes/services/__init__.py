"""Every write of this app, one function for one mutation, and the only door for other apps."""

from quizzes.services.accommodating import end_accommodation, grant_accommodation, measures_for
from quizzes.services.analyses import LEAST_NEW, ask_for_analysis, new_attempts, ring_for_analyses, ring_for_analysis
from quizzes.services.answer_files import clear_unnamed_files, save_with_files
from quizzes.services.answering import Filled, save_response, save_responses
from quizzes.services.appeals import (
    AppealStanding,
    appeal_standing,
    assign_appeal,
    decide_appeal,
    disputed_grade,
    hand_in_appeal,
    keep_score_with_appeal,
    may_decide_appeal,
    record_reading,
    set_appeal_period,
    withdraw_appeal,
)
from quizzes.services.banks import begin_bank
from quizzes.services.deadlines import tell_of_deadlines
from quizzes.services.decisions import ask_for_override, ask_for_withdrawal
from quizzes.services.drafting import Draft, save_draft, write_draft
from quizzes.services.foreseeing import carry_on_preview, foresee, look, sweep_previews
from quizzes.services.freezing import found_by, freeze_quiz, pool_of, published_items
from quizzes.services.grading import claim, grade, judge_attempt, queue, ring, ring_again, ring_for_all
from quizzes.services.letting_go import let_go_of_outcomes
from quizzes.services.media import keep_cleaned_medium, keep_medium
from quizzes.services.proposing import Proposal
from quizzes.services.publishing import ask_for_publication
from quizzes.services.regrading import ask_for_regrade, spread, spread_unfinished
from quizzes.services.reports import (
    answer_case,
    assign_case,
    has_reported,
    is_in_review,
    keep_regrade_with_case,
    report_question,
    tell_reporters,
)
from quizzes.services.reviewing import restore, retire, review
from quizzes.services.sitting import (
    bind,
    series,
    standing_of,
    start_attempt,
    submit_attempt,
    submit_out_of_time,
    terms_of,
)
from quizzes.services.wording import word_item, word_quiz

__all__ = [
    "LEAST_NEW",
    "AppealStanding",
    "Draft",
    "Filled",
    "Proposal",
    "answer_case",
    "appeal_standing",
    "ask_for_analysis",
    "ask_for_override",
    "ask_for_publication",
    "ask_for_regrade",
    "ask_for_withdrawal",
    "assign_appeal",
    "assign_case",
    "begin_bank",
    "bind",
    "carry_on_preview",
    "claim",
    "clear_unnamed_files",
    "decide_appeal",
    "disputed_grade",
    "end_accommodation",
    "foresee",
    "found_by",
    "freeze_quiz",
    "grade",
    "grant_accommodation",
    "hand_in_appeal",
    "has_reported",
    "is_in_review",
    "judge_attempt",
    "keep_cleaned_medium",
    "keep_medium",
    "keep_regrade_with_case",
    "keep_score_with_appeal",
    "let_go_of_outcomes",
    "look",
    "may_decide_appeal",
    "measures_for",
    "new_attempts",
    "pool_of",
    "published_items",
    "queue",
    "record_reading",
    "report_question",
    "restore",
    "retire",
    "review",
    "ring",
    "ring_again",
    "ring_for_all",
    "ring_for_analyses",
    "ring_for_analysis",
    "save_draft",
    "save_response",
    "save_responses",
    "save_with_files",
    "series",
    "set_appeal_period",
    "spread",
    "spread_unfinished",
    "standing_of",
    "start_attempt",
    "submit_attempt",
    "submit_out_of_time",
    "sweep_previews",
    "tell_of_deadlines",
    "tell_reporters",
    "terms_of",
    "withdraw_appeal",
    "word_item",
    "word_quiz",
    "write_draft",
]
