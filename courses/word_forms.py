"""Words as a search compares them: without accents, in one form of their letters and digits, without their endings.

Pure. The same is done to what is searched and to what is asked, so that it need not be a word any more, only the same
for forms that a reader takes for one word: "offers" and "offered", "مكتب" and "المكتب", "взятка" and "взятки". The
endings are few and cut with care: a stem keeps three letters at least. Words of a language without a list are compared
whole, and by their beginning (`courses.search`).
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"\w+")
_SHORTEST = 3
# Alef in its forms, the taa that is heard as haa, the yaa without dots, the stroke that only stretches.
_ARABIC = str.maketrans({"ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": None})

_ENDINGS = {
    "en": "ations ation ments ment ings ing ies ied ed es ly s y e",
    "fr": "issements issement ations ation ements ement euses euse eurs eur antes ants ante ant ees ent ee er ez es ir"
    " e s x",
    "es": "aciones acion amientos amiento adores ador idades idad mente ados adas ado ada idos idas ido ida iendo ando"
    " ar er ir es os as o a e s",
    "pt": "acoes acao amentos amento adores ador idades idade mente ados adas ado ada idos idas ido ida endo ando indo"
    " oes ais ar er ir es os as ao o a e s",
    "ru": "остями остью ости ость ениями ением ения ению ений ение иями ями ами ыми ими ого его ому ему ать ять ить"
    " еть ов ев ам ям ах ях ом ем ои еи ыи ии ая яя ое ее ые ие ую юю ью а я о е ы и у ю ь",
    "ar": "ات ون ين ان ها هم ه ي",
}
_BEGINNINGS = {"ar": "وال بال كال فال لل ال"}


def stems(text: str, language: str) -> list[str]:
    """The words of a text as the search compares them, in its order."""
    return [_stem(word, language) for word in _WORD.findall(_folded(text))]


def _folded(text: str) -> str:
    """Lower case, no accents and no vowel signs, one form for each letter, 0 to 9 for the digits of every script."""
    letters = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    plain = "".join(str(unicodedata.digit(each, each)) for each in letters)
    return plain.translate(_ARABIC).casefold()


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    word = _cut(word, _BEGINNINGS.get(language, ""), str.startswith, lambda whole, part: whole[len(part) :])
    return _cut(word, _ENDINGS.get(language, ""), str.endswith, lambda whole, part: whole[: -len(part)])


def _cut(word, parts, has, without):
    """The word without the longest of the parts that it has, if enough of it is left."""
    for part in sorted(parts.split(), key=len, reverse=True):
        if has(word, part) and len(word) - len(part) >= _SHORTEST:
            return without(word, part)
    return word
