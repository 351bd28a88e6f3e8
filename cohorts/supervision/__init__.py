"""Quizzes sat under supervision: an invigilator opens a sitting, and its code lets attempts begin.

`rules` and `codes` are pure. `requiring` says which quizzes of a run ask for it, `inviting` is the invigilator's side
(opening, code, presence, notes, closing), `admission` the learner's, `reading` what the pages show.
"""
