"""What our questions have and another format has no word for, carried along as tags.

A tag `plumb:NAME=VALUE` survives a stay in Moodle and comes home with the question. It is written only where a reader
would not come to the same by itself:

- `plumb:difficulty=2`, `plumb:factors=6,7` (of the Revised Arusha Declaration);
- `plumb:kind=scenario`, `plumb:kind=document`: the question stands there as a choice;
- `plumb:2=breach!:moral_justification:1`: of a scenario's second option the rating, `!` for a bright line, the
  mechanism, and how many of the last paragraphs of its feedback are the rationalisation;
- `plumb:keys=a,c,d`, `plumb:targets=…`: the keys of the parts where they are not the usual ones in a row;
- `plumb:marking=2:0.1`: two read each answer of an essay, and differ by no more than a tenth;
- `plumb:lenient=accents`, `plumb:wildcards=1`, …: see the readers.

A file may be anybody's: a mark that makes no sense counts for nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import quote, unquote

from quizzes.formats.amounts import number, written

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}")
FACTORS = [str(number) for number in range(1, 11)]
LONGEST = 20_000
_MARK = re.compile(rf"plumb:([a-z0-9_]{{1,20}})=([^\s]{{0,{LONGEST}}})")


def tags(marks: Mapping[str, str]) -> list[str]:
    return [f"plumb:{name}={value}" for name, value in marks.items()]


def parted(given: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Tags and marks, told apart."""
    others, marks = [], {}
    for tag in given:
        mark = _MARK.fullmatch(tag.strip())
        if mark:
            marks[mark[1]] = mark[2]
        else:
            others.append(tag)
    return others, marks


def told(text: str) -> list[str]:
    """The tag that a comment is, if it is one of ours."""
    tag = text.strip()
    return [tag] if _MARK.fullmatch(tag) else []


def listed(texts: Iterable[str]) -> str:
    """Several texts as one mark."""
    return ",".join(quote(text, safe="") for text in texts)


def unlisted(marks: Mapping[str, str], name: str) -> list[str]:
    return [unquote(text) for text in marks.get(name, "").split(",") if text]


def mark_shares(marks: dict[str, str], shares: Iterable[Decimal]) -> None:
    marks["shares"] = ",".join(map(written, shares))


def shares(marks: Mapping[str, str], count: int) -> list[Decimal] | None:
    """What that many answers earn by a mark; None where it makes no sense."""
    told = [number(part) for part in marks.get("shares", "").split(",")]
    found = [share for share in told if share is not None and abs(share) <= 1]
    return found if len(found) == len(told) == count else None


def difficulty(marks: Mapping[str, str]) -> int | None:
    given = marks.get("difficulty", "")
    return int(given) if given in ("1", "2", "3") else None


def factors(marks: Mapping[str, str]) -> tuple[int, ...]:
    given = marks.get("factors", "").split(",")
    fits = len(set(given)) == len(given) and all(one in FACTORS for one in given)
    return tuple(int(one) for one in given) if fits else ()


def of_any_kind(difficulty: int | None, rad_factors: Sequence[int]) -> dict[str, str]:
    """The marks that questions of every kind may have."""
    found = {} if difficulty is None else {"difficulty": str(difficulty)}
    return found | ({"factors": ",".join(map(str, rad_factors))} if rad_factors else {})


def letters(count: int) -> list[str]:
    """The usual keys of options: a to z, then a27 and on."""
    return [chr(ord("a") + number) if number < 26 else f"a{number + 1}" for number in range(count)]


def numbered(letter: str, count: int) -> list[str]:
    """The usual keys of other parts: e1, e2, …"""
    return [f"{letter}{number}" for number in range(1, count + 1)]


def mark_keys(marks: dict[str, str], name: str, keys: list[str], usual: list[str]) -> None:
    if keys != usual:
        marks[name] = ",".join(quote(key, safe="") for key in keys)


def keys(marks: Mapping[str, str], name: str, usual: list[str]) -> list[str]:
    """The keys of parts, as a mark has them where it fits, else the usual ones."""
    if name not in marks:
        return usual
    found = [unquote(key) for key in marks[name].split(",")]
    fits = len(found) == len(usual) == len(set(found)) and all(KEY.fullmatch(key) for key in found)
    return found if fits else usual


def of_pairs(prompts: list[str], targets: list[str], pairs: Mapping[str, str]) -> dict[str, str]:
    """The marks of a matching whose pairs are written in the order of its prompts, and then the targets of none."""
    marks: dict[str, str] = {}
    used = list(dict.fromkeys(pairs[key] for key in prompts))
    appearing = used + [key for key in targets if key not in used]
    mark_keys(marks, "keys", prompts, numbered("p", len(prompts)))
    mark_keys(marks, "targets", appearing, numbered("t", len(targets)))
    mark_keys(marks, "order", targets, appearing)
    return marks
