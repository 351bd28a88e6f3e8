"""A file of QTI, read: one item, or a package of them with its manifest. Pure."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks, texts
from quizzes.formats.drafts import Collector, Draft, Files, Made, QuestionRefused, Told, no_files, silent
from quizzes.formats.neutral import Reading, Refused
from quizzes.formats.packages import Package
from quizzes.formats.qti import bodies, items
from quizzes.formats.qti.names import in_version_2
from quizzes.formats.xml_tree import Node, parsed

FORMATS = {"2": "qti2", "3": "qti3"}
MANIFEST = "imsmanifest.xml"
_ITEM = "imsqti_item"
_TEST = ("imsqti_test", "imsqti_section", "imsqti_outcomes")
# Common cartridges and Canvas's classic quizzes among them.
_OLD_TYPES = ("imsqti_xmlv1p", "assessment_qti", "imsqti_asiv1p")
_OLD = _("This is QTI 1.2, which is not read here. Export it as QTI 2.1, 2.2 or 3.0.")
_PARTS = ("manifest", "assessmentTest", "assessmentSection", "assessmentStimulus")
LARGEST_ITEM = 5 * 1024 * 1024


def read(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """An item (XML) or a package (zip). Raises Refused."""
    if data.startswith(b"PK"):
        return _read_package(Package(data), language, kept, told)
    return _read_item(data, language, kept, told)


def _read_item(data: bytes, language: str, kept: frozenset[str], told: Told) -> Reading:
    root = parsed(data)
    collector = Collector(_version(root), root.get("xml:lang") or language, kept, told)
    _take(collector, root, "", [], no_files, None)
    return collector.reading()


def _version(root: Node) -> str:
    """Which QTI an item is. Raises Refused for what is no item."""
    if root.name == "qti-assessment-item":
        return FORMATS["3"]
    if root.name == "assessmentItem":
        return FORMATS["2"]
    if root.name == "questestinterop":
        raise Refused(_OLD)
    if in_version_2(root).name in _PARTS:
        raise Refused(
            _("This is a part of a package (“%(name)s”), and no question. Bring the whole package as a zip archive."),
            name=root.name,
        )
    raise Refused(_("This is no item of QTI 2 or 3: its first element is “%(name)s”."), name=root.name)


def _read_package(package: Package, language: str, kept: frozenset[str], told: Told) -> Reading:
    manifests = [name for name in package.names if name.rpartition("/")[2].lower() == MANIFEST]
    if not manifests:
        raise Refused(_("The zip archive has no imsmanifest.xml, by which a package of questions is known."))
    manifest = min(manifests, key=len)
    root = parsed(package.read(manifest))
    title = next((texts.line(one.text) for one in _described(root)), "")
    collector: Collector | None = None
    tests = any(resource.get("type").startswith(_TEST) for resource in root.inside("resource"))
    asked = [resource for resource in root.inside("resource") if _is_item(resource)]
    for resource in asked:
        kind = resource.get("type")
        member = package.beside(manifest, resource.get("href"))
        if collector is None:
            collector = Collector(FORMATS["3" if "v3" in kind else "2"], language, kept, told)
            collector.title, collector.expected = title, len(asked)
        _take_member(collector, package, member, resource)
    if collector is None and any(one.get("type").startswith(_OLD_TYPES) for one in root.inside("resource")):
        raise Refused(_OLD)
    if collector is None:
        raise Refused(_("The package holds no item of QTI 2 or 3."))
    if tests:
        collector.note(
            _("The package holds a test as well; its questions are taken, its order and its rules are not.")
        )
    return collector.reading()


def _is_item(resource: Node) -> bool:
    """Some programs call the pictures of an item items too."""
    return resource.get("type").startswith(_ITEM) and resource.get("href").lower().endswith(".xml")


def _described(manifest: Node) -> Iterator[Node]:
    """The titles that the package as a whole has in its metadata."""
    return (title for about in manifest.all("metadata") for title in about.inside("title"))


def _take_member(collector: Collector, package: Package, member: str | None, resource: Node) -> None:
    if member is None:
        name = resource.get("href") or resource.get("identifier")
        collector.take(lambda draft: _refuse(_("The package does not hold its file.")), member=name, name=name)
        return

    def files(address: str) -> bytes | None:
        found = package.beside(member, address)
        return package.read(found) if found else None

    try:
        if len(data := package.read(member)) > LARGEST_ITEM:
            raise Refused(_("Its file is larger than a question can be."))
        root = parsed(data)
        _version(root)
    except Refused as refused:
        problem = refused.message
        collector.take(
            lambda draft: _refuse("%(reason)s", reason=problem), member=member, name=member.rpartition("/")[2]
        )
        return
    spoken = root.get("xml:lang")
    if spoken and not collector.entries:
        collector.language = spoken
    if spoken and spoken.lower().split("-")[0] != collector.language.lower().split("-")[0]:
        collector.take(
            lambda draft: _refuse(
                _("It is in another language (%(language)s) than the first question. Bring it in a file of its own."),
                language=spoken,
            ),
            member=member,
            name=texts.line(root.get("title")),
        )
        return
    told = [texts.line(one.text) for one in resource.inside("keyword")]
    _take(collector, root, member, told, files, package)


def _refuse(text: Any, **parameters: Any) -> Made:
    raise QuestionRefused(text, **parameters)


def _take(
    collector: Collector, root: Node, member: str, tags: list[str], files: Files, package: Package | None
) -> None:
    item = in_version_2(root)

    def read_one(draft: Draft) -> Made:
        own, draft.marks = marks.parted(tags)
        draft.tags = own
        draft.given_key = draft.marks.get("key", "") or item.get("identifier")
        stimulus = "".join(_stimuli(item, member, package))
        return items.read(draft, item, files, stimulus)

    name, otherwise = texts.line(item.get("title")), texts.line(item.get("identifier"))
    collector.take(read_one, line=item.line, member=member, name=name, otherwise=otherwise)


def _stimuli(item: Node, member: str, package: Package | None) -> Iterator[str]:
    """Texts that several items share, which QTI 3 keeps in files of their own."""
    for reference in item.all("assessmentStimulusRef"):
        found = package.beside(member, reference.get("href")) if package else None
        if package is None or found is None:
            raise QuestionRefused(
                _("It belongs to a text that the file does not hold. Bring the whole package as a zip archive.")
            )
        try:
            shared = in_version_2(parsed(package.read(found)))
        except Refused as refused:
            raise QuestionRefused("%(reason)s", reason=refused.message) from refused
        yield from (f"<div>{bodies.html(body)}</div>" for body in shared.all("stimulusBody"))
