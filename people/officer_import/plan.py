"""What bringing checked rows in would do."""

from dataclasses import fields, replace

from people.officer_import.report import Change, Known, OfficerRow, Present, Report
from people.officer_import.words import key


def plan(officers: list[OfficerRow], known: Known) -> Report:
    """What these rows, which hold, would make new, change and leave."""
    new, changed, unchanged = [], [], 0
    new_posts = set()
    for officer in officers:
        present = known.people.get(key(officer.staff_number))
        officer = replace(officer, post=_post(officer, present, known))
        if (key(officer.office), key(officer.post)) not in known.posts:
            new_posts.add((officer.office, officer.post))
        if present is None:
            new.append(officer)
            continue
        columns = tuple(_changes(officer, present))
        if columns:
            changed.append(Change(officer, columns))
        else:
            unchanged += 1
    return Report(new=tuple(new), changed=tuple(changed), unchanged=unchanged, new_posts=tuple(_once_each(new_posts)))


def _post(officer: OfficerRow, present: Present | None, known: Known) -> str:
    """The post: as the file says; else the present one if the office stays; else the administration's usual one."""
    if officer.post:
        return officer.post
    if present and present.post and present.office and key(present.office) == key(officer.office):
        return present.post
    return known.usual_post


def moves(officer: OfficerRow, present: Present) -> bool:
    """Whether the row puts the officer into another office or post."""
    if present.office is None or key(present.office) != key(officer.office):
        return True
    return officer.post is not None and key(officer.post) != key(present.post or "")


def _changes(officer: OfficerRow, present: Present):
    if not present.is_officer:
        yield "category"
    if present.office is None or key(present.office) != key(officer.office):
        yield "office"
    if key(officer.post or "") != key(present.post or ""):
        yield "post"
    for column in fields(OfficerRow):
        if column.name in ("line", "staff_number", "office", "post") or (
            column.name == "category" and not present.is_officer
        ):
            continue
        said = getattr(officer, column.name)
        if said is not None and said != getattr(present, column.name):
            yield column.name


def _once_each(posts: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Two spellings of one post are one post."""
    spelled = {}
    for office, title in sorted(posts):
        spelled.setdefault((key(office), key(title)), (office, title))
    return list(spelled.values())
