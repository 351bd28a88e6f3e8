"""A lesson's body: which blocks there are, and how it is frozen."""

from dataclasses import dataclass

from wagtail import blocks

from core.blocks.arrangement import AccordionBlock, ComparisonBlock, StepsBlock, TimelineBlock
from core.blocks.component import Deferrable
from core.blocks.evidence import DialogueBlock, ExhibitBlock
from core.blocks.media import AudioBlock, DownloadBlock, PictureBlock, VideoBlock
from core.blocks.national import NationalBlock
from core.blocks.plots import DataFigureBlock
from core.blocks.practice import FlashCheckBlock, IfThenBlock, OwnPlanBlock, ReflectionBlock, WhereToReportBlock
from core.blocks.text import InstrumentBlock, KeyPointBlock, ProseBlock, QuotationBlock


class LessonBlocks(blocks.StreamBlock):
    """In the chooser's order. The names are stored in every lesson: add, never rename."""

    prose = ProseBlock()
    key_point = KeyPointBlock()
    instrument = InstrumentBlock()
    quotation = QuotationBlock()
    steps = StepsBlock()
    comparison = ComparisonBlock()
    accordion = AccordionBlock()
    timeline = TimelineBlock()
    exhibit = ExhibitBlock()
    data_figure = DataFigureBlock()
    dialogue = DialogueBlock()
    flash_check = FlashCheckBlock()
    if_then = IfThenBlock()
    own_plan = OwnPlanBlock()
    reflection = ReflectionBlock()
    report = WhereToReportBlock()
    picture = PictureBlock()
    video = VideoBlock()
    audio = AudioBlock()
    download = DownloadBlock()
    national = NationalBlock()

    class Meta:
        block_counts = {"report": {"max_num": 1}}


@dataclass(frozen=True)
class FrozenLesson:
    """A lesson as a release keeps it in one language: its HTML with marks, and its media by block id.

    A medium stands apart from the HTML so that the reader's page can put it off (`Deferrable.medium`).
    """

    html: str
    media: dict[str, dict]


def freeze(body) -> FrozenLesson:
    """Render a lesson's blocks in the active language, and keep the files they show. The same body gives the same.

    A block without its file shows what it has: previews meet it in drafts. A release asks `without_file` first.
    """
    return FrozenLesson(
        html="\n".join(child.render({"block_id": child.id}) for child in body),
        media={child.id: child.block.medium(child.value) for child in body if _has_file(child, Deferrable)},
    )


def without_file(body) -> list[str]:
    """The names of the blocks whose file is not there, or was deleted since an author chose it."""
    holders = (Deferrable, DownloadBlock)
    return [
        str(child.block.label) for child in body if isinstance(child.block, holders) and not _has_file(child, holders)
    ]


def _has_file(child, holders) -> bool:
    return isinstance(child.block, holders) and bool(child.value[child.block.file_field])
