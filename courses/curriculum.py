"""Brings the curriculum's data files into the item bank and the authoring tree, in every language they exist in.

The files stand in `curriculum/` (its README describes them). Loading twice changes nothing: pages are found by their
translation key and items by their key; an item whose words changed becomes a new version, never an edited one.
What authors have changed on the platform since stays theirs (courses.shipping), and an item that has gone from the
files leaves the pool of quizzes that are released from then on.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from core import languages
from core.blocks import LessonBlocks
from courses.authors import give_authors_their_pages
from courses.languages.glossary import keep_terms
from courses.languages.services import confirm_shipped
from courses.languages.texts import glossary_texts, texts_of
from courses.models import CoursePage, HomePage, LearningObjective, LessonPage, ModulePage
from courses.shipping import Ledger, Verdict, digest_of
from quizzes.kinds.choices import Rating
from quizzes.models import Item, ItemBank, ItemText, ItemVersion, Mechanism, Quiz, QuizText

SHAPE = 1
SOURCE_LANGUAGE = "en"
# Everything that ships gets its identity from here, so that two installations name the same lesson alike.
NAMESPACE = uuid.UUID("6f0d8a0e-5a0c-4c19-9d6a-3f6f7f0f2b51")

HOME_TITLE = "Plumbline"


# libyaml reads ten times as fast; a wheel without it still reads.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CurriculumError(Exception):
    """A data file says something that cannot be loaded; the message names the file and the place."""


def read(path: Path) -> dict:
    """One data file. Raises CurriculumError where it is not YAML or of another shape."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as problem:
        raise CurriculumError(f"{path}: {problem}") from problem
    if not isinstance(data, dict) or data.get("shape") != SHAPE:
        raise CurriculumError(f"{path}: expected shape {SHAPE}")
    return data


def languages_of(folder: Path, stem: str) -> dict[str, dict]:
    """The data of `<stem>.<language>.yaml` for every installed language that has it, the source first."""
    codes = [SOURCE_LANGUAGE] + [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    return {code: read(folder / f"{stem}.{code}.yaml") for code in codes if (folder / f"{stem}.{code}.yaml").exists()}


def load_course(folder: Path, *, now: datetime, told: Callable[[str], None] = lambda line: None) -> CoursePage:
    """Load a course folder: each sub-folder is a module. Returns the course page in its source language.

    A module's files are read whole before anything of it is written. Each page and each item is a transaction of its
    own, so that a system in use waits for none of it; a load that was interrupted goes on when it is run again.
    `told` hears a line about everything that authors have changed and that was therefore left as it is.
    """
    ledger = Ledger(told)
    modules = sorted(
        (path.parent for path in folder.glob("*/module.yaml")), key=lambda path: read(path / "module.yaml")["position"]
    )
    if not modules:
        raise CurriculumError(f"{folder}: no module.yaml in any sub-folder")
    homes = ensure_homes(list(languages_of(modules[0], "lessons")))
    course_words = {code: words["course"] for code, words in languages_of(modules[0], "lessons").items()}
    course = _page_in_all_languages(
        CoursePage,
        NAMESPACE,
        folder.name,
        {code: homes[code] for code in course_words},
        {code: {"title": w["title"], "summary": w["summary"].strip()} for code, w in course_words.items()},
        slug=folder.name,
        ledger=ledger,
    )
    for module_folder in modules:
        _load_module(module_folder, course, ledger, now)
    # The files say the same in all their languages, so nobody has to confirm it here; what authors changed, they do.
    theirs = {name.split(":")[1] for name in ledger.kept}
    confirm_shipped([text for text in texts_of(course[SOURCE_LANGUAGE]).texts if str(text.key) not in theirs], now=now)
    return course[SOURCE_LANGUAGE]


def load_glossary(path: Path, *, now: datetime) -> None:
    """Bring in the glossary's terms. Words that an administration has changed on the platform stay as they are."""
    entries = []
    for entry in read(path)["terms"]:
        if not isinstance(entry, dict) or not entry.get("key") or not entry.get(SOURCE_LANGUAGE):
            raise CurriculumError(f"{path}: a term lacks its key or its word in “{SOURCE_LANGUAGE}”")
        entries.append((entry["key"], entry.get("note", ""), {c: entry[c] for c in languages.codes() if c in entry}))
    keep_terms(entries)
    confirm_shipped(glossary_texts(), now=now)


def ensure_homes(codes: list[str]) -> dict[str, HomePage]:
    """A home page for each language, translations of one another, with the default site at the source's.

    Authors may write below all of them.
    """
    root = Page.objects.get(depth=1)
    homes = _page_in_all_languages(
        HomePage,
        NAMESPACE,
        "home",
        dict.fromkeys(codes, root),
        {code: {"title": HOME_TITLE} for code in codes},
        slug="plumbline",
    )
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, hostname="localhost")
    if site.root_page_id != homes[SOURCE_LANGUAGE].pk:
        leftover = site.root_page if site.root_page_id else None
        site.root_page = homes[SOURCE_LANGUAGE]
        site.site_name = HOME_TITLE
        site.save()
        # The welcome page of a fresh Wagtail has no reader.
        if leftover is not None and type(leftover.specific) is Page and leftover.is_leaf():
            leftover.delete()
    give_authors_their_pages(homes.values())
    return homes


def _load_module(folder: Path, courses: dict[str, CoursePage], ledger: Ledger, now: datetime) -> None:
    structure = read(folder / "module.yaml")
    words = languages_of(folder, "lessons")
    lessons = {lesson["key"]: _lesson_fields(folder, lesson, words) for lesson in structure["lessons"]}
    quiz = None
    if "quiz" in structure:
        bank = load_bank(folder, ledger, now=now)
        quiz = _load_quiz(structure["quiz"], bank, {code: text["quiz"] for code, text in words.items()}, ledger)
    modules = _page_in_all_languages(
        ModulePage,
        NAMESPACE,
        structure["key"],
        {code: courses[code] for code in words},
        {
            code: {
                "title": text["module"]["title"],
                "summary": text["module"]["summary"].strip(),
                "position": structure["position"],
                "quiz": quiz,
                "objectives": [
                    LearningObjective(
                        translation_key=uuid.uuid5(NAMESPACE, f"{structure['key']}/objective/{objective['key']}"),
                        sort_order=place,
                        text=text["module"]["objectives"][objective["key"]].strip(),
                        rad_factors=objective["rad_factors"],
                    )
                    for place, objective in enumerate(structure["objectives"])
                ],
            }
            for code, text in words.items()
        },
        slug=structure["key"],
        ledger=ledger,
    )
    for key, fields in lessons.items():
        name = f"{structure['key']}/{key}"
        _page_in_all_languages(LessonPage, NAMESPACE, name, modules, fields, slug=key, ledger=ledger)


def _lesson_fields(folder: Path, lesson: dict, words: dict[str, dict]) -> dict[str, dict]:
    """The fields of a lesson's page in each language."""
    fields = {}
    for code, text in words.items():
        own = text["lessons"].get(lesson["key"])
        if own is None:
            raise CurriculumError(f"{folder}: lesson “{lesson['key']}” has no words in “{code}”")
        fields[code] = {
            "title": own["title"],
            "lede": own["lede"].strip(),
            "minutes": lesson["minutes"],
            "rad_factors": lesson.get("rad_factors", []),
            "body": _blocks(folder, lesson, own.get("blocks", {})),
        }
    return fields


def _page_in_all_languages(model, namespace, name, parents, fields_by_language, *, slug, ledger=None) -> dict:
    """The page and its translations: made where missing, and, with a ledger, changed where what ships has changed."""
    translation_key = uuid.uuid5(namespace, name)
    pages = {}
    for code, fields in fields_by_language.items():
        locale, _new = Locale.objects.get_or_create(language_code=code)
        own_slug = slug if parents[code].depth > 1 or code == SOURCE_LANGUAGE else f"{slug}-{code}"
        page = model.objects.filter(translation_key=translation_key, locale=locale).first()
        if page is None:
            page = model(slug=own_slug, locale=locale, translation_key=translation_key, **fields)
            with transaction.atomic():
                parents[code].add_child(instance=page)
                page.save_revision(log_action=False).publish(log_action=False)
                if ledger:
                    ledger.wrote(f"page:{translation_key}:{code}", _digest(page, fields))
        elif ledger:
            _change_page(page, f"page:{translation_key}:{code}", fields, ledger)
        pages[code] = page
    return pages


def _change_page(page, name: str, fields: dict, ledger: Ledger) -> None:
    here = _digest(page, {field: getattr(page, field) for field in fields})
    shipped = _digest(page, fields)
    by_somebody = page.latest_revision is not None and page.latest_revision.user_id is not None
    verdict = ledger.verdict(
        name,
        f"“{page.title}” ({page.locale.language_code})",
        here=here,
        shipped=shipped,
        edited=page.has_unpublished_changes or not page.live or by_somebody,
    )
    if verdict is Verdict.WRITE:
        for field, value in fields.items():
            setattr(page, field, value)
        with transaction.atomic():
            page.save_revision(log_action=False).publish(log_action=False)
            ledger.wrote(name, shipped)


def _digest(page, fields: dict) -> str:
    """One digest of some fields' values, whether they stand on the page or in the files."""
    return digest_of({field: _comparable(page, field, value) for field, value in fields.items()})


def _comparable(page, field: str, value):
    if field == "objectives":
        return [[o.text, o.rad_factors] for o in (value if isinstance(value, list) else value.all())]
    if field == "body":
        return (
            page.body.stream_block.to_python(value).get_prep_value()
            if isinstance(value, list)
            else value.get_prep_value()
        )
    if field == "quiz":
        return value.slug if value else None
    return value


def _blocks(folder: Path, lesson: dict, words: dict) -> list[dict]:
    """The StreamField value of a lesson: ids from the block's key, so they are the same in all languages."""
    shown = []
    for block in lesson["blocks"]:
        text = words.get(block["key"], {})
        make = _BLOCKS.get(block["type"])
        if make is None:
            raise CurriculumError(f"{folder}: block “{block['key']}” has the unknown type “{block['type']}”")
        try:
            value = make(block, text)
        except KeyError as missing:
            raise CurriculumError(
                f"{folder}: block “{block['key']}” of “{lesson['key']}” lacks {missing}"
            ) from missing
        identity = str(uuid.uuid5(NAMESPACE, f"{lesson['key']}/{block['key']}"))
        shown.append({"type": block["type"], "value": _with_ids(value, identity), "id": identity})
    unknown = {block["type"] for block in shown} - set(LessonBlocks().child_blocks)
    if unknown:
        raise CurriculumError(f"{folder}: no such block: {sorted(unknown)}")
    return shown


def _with_ids(value, name: str):
    """A block's value whose lists have ids from their places, so that an item is the same one in all languages."""
    if isinstance(value, dict):
        return {field: _with_ids(inner, f"{name}/{field}") for field, inner in value.items()}
    if isinstance(value, list):
        return [
            {
                "type": "item",
                "value": _with_ids(inner, f"{name}/{place}"),
                "id": str(uuid.uuid5(NAMESPACE, f"{name}/{place}")),
            }
            for place, inner in enumerate(value)
        ]
    return value


_BLOCKS = {
    "prose": lambda block, text: text["html"].strip(),
    "key_point": lambda block, text: {"text": text["text"].strip()},
    "instrument": lambda block, text: {
        "says": text["says"].strip(),
        "instrument": text["instrument"],
        "clause": text.get("clause", ""),
    },
    "exhibit": lambda block, text: {"label": text["label"], "look": block["look"], "lines": text["lines"]},
    "dialogue": lambda block, text: {"title": text["title"], "turns": text["turns"]},
    "comparison": lambda block, text: {"title": text["title"], "columns": [text["left"], text["right"]]},
    "if_then": lambda block, text: {"condition": text["if"].strip(), "response": text["then"].strip()},
    "steps": lambda block, text: {"title": text["title"], "steps": text["steps"]},
    "flash_check": lambda block, text: {
        "question": text["question"].strip(),
        "options": [
            {
                "text": option["text"].strip(),
                "feedback": option["feedback"].strip(),
                "correct": key == block["correct"],
            }
            for key, option in sorted(text["options"].items())
        ],
    },
    "report": lambda block, text: None,
}


def load_bank(folder: Path, ledger: Ledger, *, now: datetime) -> ItemBank:
    """The items of a folder, in all languages, published. A changed item becomes a new version; a gone one retires."""
    structure = read(folder / "items.yaml")
    words = {code: data["items"] for code, data in languages_of(folder, "items").items()}
    read_items = {
        entry["key"]: (
            {
                "difficulty": entry["difficulty"],
                "tags": entry["tags"],
                "rad_factors": entry["rad_factors"],
                "structure": {"shape": 1, "options": _options(folder, entry)},
            },
            {code: _item_text(folder, entry, items.get(entry["key"])) for code, items in words.items()},
        )
        for entry in structure["items"]
    }
    bank, _new = ItemBank.objects.get_or_create(
        slug=structure["bank"], defaults={"title": structure["bank"].replace("-", " ").capitalize()}
    )
    for key, (facts, texts) in read_items.items():
        with transaction.atomic():
            _publish_item(bank, key, facts, texts, ledger, now)
    # Only what loading brought: an item from elsewhere was never in the files.
    gone = ledger.names(f"item:{bank.slug}/") - set(read_items)
    bank.items.filter(key__in=gone, retired_at=None).update(retired_at=now)
    bank.items.filter(key__in=read_items).exclude(retired_at=None).update(retired_at=None)
    return bank


def _publish_item(bank: ItemBank, key: str, facts: dict, texts: dict, ledger: Ledger, now: datetime) -> None:
    """Publish an item as it stands in the files, as a new version where the files have changed since the last load."""
    item, _new = Item.objects.get_or_create(bank=bank, key=key)
    newest = item.versions.order_by("-number").prefetch_related("texts").first()
    name, shipped = f"item:{bank.slug}/{key}", digest_of([facts, texts])
    here = digest_of(_said_by(newest, facts)) if newest else None
    verdict = ledger.verdict(name, f"{bank.slug}, {key}", here=here, shipped=shipped)
    if verdict is not Verdict.WRITE:
        return
    version = ItemVersion.objects.create(
        item=item, number=(newest.number if newest else 0) + 1, published_at=now, **facts
    )
    ItemText.objects.bulk_create(
        ItemText(version=version, language=code, content=text) for code, text in texts.items()
    )
    ledger.wrote(name, shipped)


def _said_by(version: ItemVersion, facts: dict) -> list:
    """What a version says and counts, as `facts` and texts of the files do."""
    texts = {text.language: text.content for text in version.texts.all()}
    return [{name: getattr(version, name) for name in facts}, texts]


def _options(folder: Path, entry: dict) -> list[dict]:
    """An item's options. A key given twice, none or two best ones, or a bright line that is no breach is a mistake."""
    options = [_option(folder, entry, option) for option in entry["options"]]
    if len({option["key"] for option in options}) != len(options):
        raise CurriculumError(f"{folder}: item “{entry['key']}” has two options with the same key")
    if [option["rating"] for option in options].count(Rating.BEST) != 1:
        raise CurriculumError(f"{folder}: item “{entry['key']}” needs exactly one best option")
    if any(option["bright_line"] and option["rating"] != Rating.BREACH for option in options):
        raise CurriculumError(f"{folder}: item “{entry['key']}” has a bright line on an option that is no breach")
    return options


def _option(folder: Path, entry: dict, option: dict) -> dict:
    try:
        return {
            "key": option["key"],
            "rating": Rating(option["rating"]),
            "mechanism": Mechanism(option["mechanism"]) if option.get("mechanism") else None,
            "bright_line": bool(option.get("bright_line", False)),
        }
    except (KeyError, ValueError) as problem:
        raise CurriculumError(f"{folder}: item “{entry['key']}”: {problem}") from problem


def _item_text(folder: Path, entry: dict, words: dict | None) -> dict:
    keys = {option["key"] for option in entry["options"]}
    if not words or set(words["options"]) != keys:
        raise CurriculumError(f"{folder}: item “{entry['key']}” lacks words in one of its languages")
    return {
        "shape": 1,
        "stem": words["stem"].strip(),
        "options": {
            key: {name: value.strip() for name, value in option.items()} for key, option in words["options"].items()
        },
    }


def _load_quiz(structure: dict, bank: ItemBank, words: dict[str, dict], ledger: Ledger) -> Quiz:
    """The quiz as it ships. What an author has changed of its plan or its words stays."""
    plan = {name: structure[name] for name in ("draw", "time_limit_minutes", "minutes")}
    texts = {
        code: {"title": text["title"], "introduction": text["introduction"].strip()} for code, text in words.items()
    }
    quiz = Quiz.objects.filter(slug=structure["key"]).prefetch_related("texts").first()
    here = None
    if quiz is not None:
        said = {t.language: {"title": t.title, "introduction": t.introduction} for t in quiz.texts.all()}
        here = digest_of([{name: getattr(quiz, name) for name in plan}, said])
    name, shipped = f"quiz:{structure['key']}", digest_of([plan, texts])
    if ledger.verdict(name, structure["key"], here=here, shipped=shipped) is Verdict.WRITE:
        with transaction.atomic():
            quiz, _new = Quiz.objects.update_or_create(slug=structure["key"], defaults=plan | {"bank": bank})
            for code, text in texts.items():
                QuizText.objects.update_or_create(quiz=quiz, language=code, defaults=text)
            ledger.wrote(name, shipped)
    return quiz
