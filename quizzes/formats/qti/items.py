"""One item of QTI, read. Its names are those of version 2. Pure.

choiceInteraction, hottextInteraction      single or multiple choice
orderInteraction                           ordering
matchInteraction                           matching, where each part has one counterpart
gapMatchInteraction, inlineChoice, several gap fill
a single textEntryInteraction              short answer, or numerical where its response is a number
hotspotInteraction                         hotspot
extendedTextInteraction, uploadInteraction essay
associateInteraction and all others        refused, with the reason
"""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import areas, marks, media, rubrics, texts
from quizzes.formats.amounts import number, written
from quizzes.formats.drafts import Draft, Files, Made, QuestionRefused, checked_count
from quizzes.formats.qti import bodies, choices, gaps
from quizzes.formats.qti.asked import Asked, own_keys
from quizzes.formats.xml_tree import Node

_ON_A_PICTURE = _("It is answered on a picture in a way that is not possible here. Make a question of each place.")
_BY_A_PROGRAM = _("It is answered by a program of its own, which is not run here. Ask it in another way.")
_NOT_HERE = {
    "associateInteraction": _("Pairs are made within one list, which is not possible here. Make a matching of it."),
    "sliderInteraction": _("It is answered with a slider, which is not possible here. Ask for the number instead."),
    "selectPointInteraction": _ON_A_PICTURE,
    "positionObjectInteraction": _ON_A_PICTURE,
    "positionObjectStage": _ON_A_PICTURE,
    "graphicOrderInteraction": _ON_A_PICTURE,
    "graphicAssociateInteraction": _ON_A_PICTURE,
    "graphicGapMatchInteraction": _ON_A_PICTURE,
    "drawingInteraction": _("It is answered by drawing, which is not possible here. Ask for a file instead."),
    "mediaInteraction": _("It plays a recording and asks nothing. Put the recording into the question it belongs to."),
    "customInteraction": _BY_A_PROGRAM,
    "portableCustomInteraction": _BY_A_PROGRAM,
}


def read(draft: Draft, item: Node, files: Files, stimulus: str = "") -> Made:
    """The question of an item. `stimulus` is a shared text that it belongs to, as HTML. Raises QuestionRefused."""
    if item.get("adaptive") == "true":
        raise QuestionRefused(
            _("It changes with the answers (an adaptive item), which is not possible here. Make a plain item of it.")
        )
    if item.first("templateDeclaration") is not None or item.first("templateProcessing") is not None:
        raise QuestionRefused(
            _(
                "It is made anew for everybody from a template, which is not possible here. Make an item with fixed"
                " values of it."
            )
        )
    body = item.first("itemBody")
    if body is None:
        raise QuestionRefused(_("It has no text. Write the question in words."))
    if next(body.inside("include"), None) is not None:
        raise QuestionRefused(
            _("A part of its text stands in another file, which is not read. Write it into the item.")
        )
    found = list(bodies.interactions(body))
    if not found:
        raise QuestionRefused(_("It asks nothing: nothing in it can be answered."))
    asked = Asked(draft, item, body, files, stimulus)
    made = _reader(found)(asked, found)
    if asked.feedback.rest:
        draft.changed(_("Some of its feedback has no place here and is not kept."))
    read_by = {"candidate", "scorer"} if made.kind == "essay" else {"candidate"}
    if any(one.text.strip() and not read_by & set(one.get("view").split()) for one in body.inside("rubricBlock")):
        draft.changed(_("What it says to tutors and others who do not answer it is not kept."))
    return made


def _reader(found: list[Node]) -> Callable[[Asked, list[Node]], Made]:
    names = {one.name for one in found}
    if len(found) > 1:
        if names <= bodies.INLINE:
            return gaps.gap_fill
        raise QuestionRefused(_("It asks several things in different ways. Make a question of each."))
    [name] = names
    if name not in _READERS:
        raise QuestionRefused(
            _NOT_HERE.get(name) or _("Questions of the kind “%(kind)s” are not possible here. Ask it in another way."),
            kind=name,
        )
    return _READERS[name]


def _hotspot(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    draft, response = asked.draft, asked.response(interaction)
    if response.cardinality != "single":
        raise QuestionRefused(
            _("Several places are shown on a picture, which is not possible here. Make a question of each place.")
        )
    shown = interaction.first("object", "img")
    if shown is None:
        raise QuestionRefused(_("Its picture is missing. Bring it with the file."))
    image = asked.picture(shown.get("data") or shown.get("src"))
    size = media.size(image)
    given = (number(shown.get("width")) or size[0], number(shown.get("height")) or size[1])
    spots = interaction.all("hotspotChoice")
    checked_count(spots)
    identifiers = [spot.get("identifier") for spot in spots]
    shares = response.shares(draft, identifiers, several=False)
    if all(share > 0 for share in shares.values()):
        raise QuestionRefused(
            _(
                "No wrong place on its picture has a name, so that the list for the keyboard would tell the right one."
                " Mark wrong places, too."
            )
        )
    keys = own_keys(draft, identifiers, "keys", marks.numbered("h", len(spots)))
    made = [
        areas.area(key, *_shape(spot), int(given[0]), int(given[1]), written(shares[one]))
        for key, spot, one in zip(keys, spots, identifiers, strict=True)
    ]
    made = areas.exact(draft.marks, made, size)
    labels = {key: texts.line(spot.get("hotspotLabel")) for key, spot in zip(keys, spots, strict=True)}
    if not all(labels.values()) or len(set(labels.values())) < len(labels):
        labels = {key: labels[key] or one for key, one in zip(keys, identifiers, strict=True)}
        draft.changed(_("The places on its picture are named after their identifiers. Give each a name."))
    alt = draft.alt(texts.Reference("image", "", texts.line(shown.get("alt") or shown.text)), image)
    structure = {"shape": 2, "image": image.sha256, "areas": made} | areas.ratio(made, size)
    words = asked.words(asked.with_prompt(interaction), image_alt=alt, areas=labels)
    return Made("hotspot", structure, words)


def _shape(spot: Node) -> tuple[str, list[Decimal]]:
    """Coordinates as HTML has them: a rectangle by two corners."""
    coords = [number(value) for value in spot.get("coords")[:2000].split(",")]
    shape, found = areas.checked({"poly": "polygon"}.get(spot.get("shape"), spot.get("shape")), coords)
    if shape == "rect":
        left, top, right, bottom = found
        found = [left, top, right - left, bottom - top]
    return shape, found


def _essay(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    draft = asked.draft
    blocks = [one for one in asked.item.inside("rubricBlock") if "scorer" in one.get("view").split()]
    rubric = rubrics.read(draft, "".join(bodies.html(one) for one in blocks))
    least, most, count, kinds = rubrics.marked_limits(draft)
    if interaction.name == "uploadInteraction":
        draft.changed(_("A text may be written as well as files brought."))
        count, kinds = max(count, 1), kinds or interaction.get("type")
    if not most:
        draft.changed(_("It may have at most %(most)d words; before, it had no limit."), most=rubrics.MOST_WORDS)
    structure = {
        "shape": 2,
        "rubric": rubric.structure,
        "least_words": least,
        "most_words": most or rubrics.MOST_WORDS,
        "files": count,
        "file_kinds": rubrics.file_kinds(draft, kinds, bool(count)),
    } | rubrics.marking(draft.marks)
    more = {"for_markers": rubric.for_markers} if rubric.for_markers else {}
    words = asked.words(asked.with_prompt(interaction), rubric=rubric.words, **more)
    return Made("essay", structure, words)


_READERS: dict[str, Callable[[Asked, list[Node]], Made]] = {
    "choiceInteraction": choices.choice,
    "hottextInteraction": choices.hottext,
    "orderInteraction": choices.order,
    "matchInteraction": choices.match,
    "gapMatchInteraction": gaps.gap_match,
    "inlineChoiceInteraction": gaps.gap_fill,
    "textEntryInteraction": gaps.text_entry,
    "hotspotInteraction": _hotspot,
    "extendedTextInteraction": _essay,
    "uploadInteraction": _essay,
}
