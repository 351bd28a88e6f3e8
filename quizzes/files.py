"""Files that learners handed in as answers, for the pages that list them and whoever may read them.

Which files a question has, its rows say: what a form lists may be old, or anybody's.
"""

from collections.abc import Iterable

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from core.file_answers import file_answer
from core.file_kinds import KINDS
from quizzes import content
from quizzes.models import AnswerFile, Attempt


def takes_files(item: dict) -> bool:
    """Whether a served item takes files."""
    return bool(content.item_version(item["version"]).structure.get("files"))


def with_files(attempt: Attempt, position: int, answer: dict | None) -> dict | None:
    """An answer with the files of its question. No query where the question takes none."""
    if not takes_files(attempt.served_items[position]):
        return answer
    rows = AnswerFile.objects.filter(attempt=attempt, position=position).values_list("uuid", flat=True)
    files = [str(each) for each in rows]
    if answer is None and not files:
        return None
    return {"shape": 1, "text": answer["text"] if answer else "", "files": files}


def of_answers(attempt: Attempt, shown: Iterable[dict]) -> dict[str, AnswerFile]:
    """The files that these questions, as they are shown or reviewed, name. One query, or none."""
    named = [each for question in shown for each in question.get("files", ())]
    if not named:
        return {}
    return {str(file.uuid): file for file in AnswerFile.objects.filter(attempt=attempt, uuid__in=named)}


def named(shown: dict, files: dict[str, AnswerFile]) -> list[AnswerFile]:
    """The files of one question, in its order."""
    return [files[each] for each in shown.get("files", ()) if each in files]


def handed_out(request: HttpRequest, file: AnswerFile, name: str) -> HttpResponseBase:
    """A file to be saved, never shown by the browser: it is a stranger's."""
    response = file_answer(
        request,
        storages["private"],
        file.path,
        content_type=KINDS[file.kind].content_type,
        cache_control="private, no-store",
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
