"""Why a deed of the translators' desk is not done."""


class Refused(Exception):
    """Nothing was changed; the argument is one of the reasons below."""


CHANGED_MEANWHILE = "changed_meanwhile"  # somebody else saved, handed in or decided since the page was opened
SOURCE_CHANGED = "source_changed"  # the source has other words than those that were translated
INCOMPLETE = "incomplete"  # a passage has no translation yet
NOTHING_TO_CONFIRM = "nothing_to_confirm"
UNDER_REVIEW = "under_review"  # the page, or this translation of it, lies before the course's reviewers
