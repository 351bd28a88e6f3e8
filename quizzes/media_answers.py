"""How a medium of a question is handed to a browser, by whichever page has let its reader in."""

from core.file_answers import file_answer
from quizzes.models import ItemMedia

A_MONTH = 30 * 24 * 60 * 60


def medium_answer(request, found: ItemMedia):
    """Its address is its content: the one browser that was let in may remember it."""
    return file_answer(
        request,
        found.file.storage,
        found.file.name,
        content_type=found.content_type,
        cache_control=f"private, max-age={A_MONTH}, immutable",
    )
