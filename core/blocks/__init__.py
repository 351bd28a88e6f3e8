"""The blocks a lesson is built from. Each renders through the component of the same name in `frontend/`.

A lesson is frozen once for each language, when a release is made (`freeze`); what differs by reader is left open as a
mark (`core.slots`). So a block may take its time, and must not look at who is reading.

Text blocks hold no HTML but what rich text allows; nobody's text is marked safe here.
"""

from core.blocks.arrangement import AccordionBlock, ComparisonBlock, StepsBlock, TimelineBlock
from core.blocks.evidence import DialogueBlock, ExhibitBlock
from core.blocks.lesson import FrozenLesson, LessonBlocks, freeze, without_file
from core.blocks.media import AudioBlock, DownloadBlock, PictureBlock, VideoBlock
from core.blocks.national import NationalBlock, NationalSlot, national_slots
from core.blocks.plots import DataFigureBlock
from core.blocks.practice import FlashCheckBlock, IfThenBlock, OwnPlanBlock, ReflectionBlock, WhereToReportBlock
from core.blocks.text import InstrumentBlock, KeyPointBlock, ProseBlock, QuotationBlock

__all__ = [
    "AccordionBlock",
    "AudioBlock",
    "ComparisonBlock",
    "DataFigureBlock",
    "DialogueBlock",
    "DownloadBlock",
    "ExhibitBlock",
    "FlashCheckBlock",
    "FrozenLesson",
    "IfThenBlock",
    "InstrumentBlock",
    "KeyPointBlock",
    "LessonBlocks",
    "NationalBlock",
    "NationalSlot",
    "OwnPlanBlock",
    "PictureBlock",
    "ProseBlock",
    "QuotationBlock",
    "ReflectionBlock",
    "StepsBlock",
    "TimelineBlock",
    "VideoBlock",
    "WhereToReportBlock",
    "freeze",
    "national_slots",
    "without_file",
]
