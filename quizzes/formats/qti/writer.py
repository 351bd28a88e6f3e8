"""QTI 2.2 and 3.0, written: a package with one item for each question.

What QTI has no word for travels as keywords of the manifest (quizzes.formats.marks). A scenario goes out as a single
choice, a document examination as a multiple choice, both by a table of points.
"""

import io
import zipfile
from html import escape

from quizzes.formats import texts
from quizzes.formats.neutral import Question, Writing
from quizzes.formats.qti.item_writer import ItemWriter
from quizzes.formats.unwritten import written

CONTENT_TYPE = "application/zip"
_THE_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest day that a zip can name: the same bank gives the same bytes
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RESOURCE = {"2": "imsqti_item_xmlv2p2", "3": "imsqti_item_xmlv3p0"}
_PACKAGE = {
    "2": ("http://www.imsglobal.org/xsd/imscp_v1p1", "QTIv2.2 Package"),
    "3": ("http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "QTI Package"),
}
_LOM = "http://ltsc.ieee.org/xsd/LOM"


def write(questions: list[Question], language: str, title: str = "", version: str = "2") -> Writing:
    """A package of version "2" (2.2) or "3" (3.0), with what it leaves out."""
    members: dict[str, bytes] = {}
    resources = []
    writers = (ItemWriter(question, language, version) for question in questions)
    pieces, left = written(writers, ItemWriter.item)
    for number, (writer, item) in enumerate(pieces, start=1):
        name = f"items/item{number}.xml"
        members[name] = (_XML + item).encode()
        files = [f"items/{path}" for path in writer.files]
        members |= {f"items/{path}": medium.data for path, medium in writer.files.items()}
        resources.append(_resource(f"item{number}", name, files, writer.keywords(), language, version))
    members["imsmanifest.xml"] = (_XML + _manifest(resources, title, language, version)).encode()
    return Writing(_zipped(members), f"bank-qti{version}.zip", CONTENT_TYPE, tuple(left))


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, date_time=_THE_BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            container.writestr(entry, members[name])
    return target.getvalue()


def _lom(general: str) -> str:
    return f'<metadata><lom xmlns="{_LOM}"><general>{general}</general></lom></metadata>' if general else ""


def _resource(identifier: str, name: str, files: list[str], keywords: list[str], language: str, version: str) -> str:
    told = "".join(
        f'<keyword><string language="{escape(language)}">{escape(word)}</string></keyword>' for word in keywords
    )
    held = "".join(f'<file href="{escape(texts.quoted(file))}"/>' for file in [name, *files])
    return (
        f'<resource identifier="{identifier}" type="{_RESOURCE[version]}" href="{name}">{_lom(told)}{held}</resource>'
    )


def _manifest(resources: list[str], title: str, language: str, version: str) -> str:
    namespace, schema = _PACKAGE[version]
    named = f'<title><string language="{escape(language)}">{escape(title)}</string></title>' if title else ""
    about = _lom(named).removeprefix("<metadata>").removesuffix("</metadata>")
    number = {"2": "1.0.0", "3": "3.0.0"}[version]
    return (
        f'<manifest xmlns="{namespace}" identifier="bank"><metadata><schema>{schema}</schema>'
        f"<schemaversion>{number}</schemaversion>{about}</metadata><organizations/>"
        f"<resources>{''.join(resources)}</resources></manifest>"
    )
