"""Moodle XML as Moodle and other programs write it."""

import base64

import pytest

from quizzes.formats import moodle_xml
from quizzes.formats.neutral import Outcome, Refused
from tests.factories.media import MP3, picture_bytes


def packed(data):
    return base64.b64encode(data).decode()


def bank(*questions):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}</quiz>'.encode()


def question(kind, inside="", stem="<p>May she take the hamper?</p>", files="", name="Hamper"):
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text>{files}</questiontext>'
        f"<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>{inside}</question>"
    )


def answer(share, text, feedback="", form="html"):
    return (
        f'<answer fraction="{share}" format="{form}"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback></answer>'
    )


TWO = answer(100, "<p>No</p>", "<p>Right.</p>") + answer(0, "<p>Yes</p>")


def read(*questions, language="en"):
    return moodle_xml.read(bank(*questions), language)


def only(*questions):
    [entry] = read(*questions).entries
    assert entry.refusal is None, str(entry.refusal)
    return entry


def refusal(*questions):
    [entry] = read(*questions).entries
    assert entry.outcome == Outcome.REFUSED
    return str(entry.refusal)


def changes(entry):
    return " ".join(str(change) for change in entry.changes)


def test_a_plain_question_is_taken_as_it_is():
    entry = only(question("multichoice", f"<idnumber>gift-1</idnumber><single>true</single>{TWO}"))
    assert entry.outcome == Outcome.TAKEN
    assert (entry.line, entry.question.key, entry.question.name) == (3, "gift-1", "Hamper")
    assert entry.question.kind == "single_choice"
    assert entry.question.structure == {
        "shape": 2,
        "options": [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0"}],
        "shuffle": True,
    }
    assert entry.question.words == {
        "shape": 2,
        "stem": "May she take the hamper?",
        "options": {"a": {"text": "No", "feedback": "Right."}, "b": {"text": "Yes"}},
    }


def test_fractions_of_several_answers_keep_their_thirds_and_their_minus():
    inside = "<single>false</single><shuffleanswers>0</shuffleanswers>" + "".join(
        answer(share, f"{share}") for share in ("33.33333", "33.33333", "33.33333", "-50")
    )
    made = only(question("multichoice", inside)).question
    assert made.kind == "multiple_choice"
    assert made.structure["shuffle"] is False
    assert [option["fraction"] for option in made.structure["options"]] == ["0.3333333"] * 3 + ["-0.5"]


def test_a_key_that_does_not_earn_all_points_is_refused_with_its_sum():
    inside = "<single>false</single>" + answer(100, "a") + answer(100, "b") + answer(0, "c")
    assert "200 %" in refusal(question("multichoice", inside))
    assert "No answer" in refusal(question("multichoice", answer(50, "a") + answer(0, "b")))


def test_what_is_said_after_the_answer_is_kept_as_rationale_and_hints():
    inside = (
        '<generalfeedback format="html"><text>&lt;p&gt;Section 4.&lt;/p&gt;</text></generalfeedback>'
        '<hint format="html"><text>Look at the value.</text></hint><hint format="html"><text></text></hint>'
        '<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>'
    )
    reading = read(question("multichoice", inside + TWO))
    assert reading.entries[0].outcome == Outcome.TAKEN
    assert reading.questions[0].words["rationale"] == "Section 4."
    assert reading.questions[0].words["hints"] == ["Look at the value."]
    assert "Penalties" in str(reading.notes[0])


def test_feedback_on_the_whole_that_says_something_of_its_own_is_told_to_be_lost():
    inside = '<incorrectfeedback format="html"><text>Read the code again.</text></incorrectfeedback>'
    several = f"<single>false</single>{inside}{TWO}"
    pairs = "".join(
        f"<subquestion><text>{part}</text><answer><text>{part}</text></answer></subquestion>" for part in "abc"
    )
    assert "as a whole" in changes(only(question("multichoice", several)))
    assert "as a whole" in changes(only(question("matching", inside + pairs)))


def test_feedback_on_the_whole_joins_that_of_the_one_answer_that_is_chosen():
    inside = "".join(
        f'<{name}feedback format="html"><text>{text}</text></{name}feedback>'
        for name, text in (
            ("correct", "Well done."),
            ("partiallycorrect", "Nearly."),
            ("incorrect", "Votre réponse est incorrecte."),
        )
    )
    made = only(question("multichoice", inside + TWO + answer(50, "Ask first"))).question
    assert {key: said.get("feedback") for key, said in made.words["options"].items()} == {
        "a": "Right.\n\nWell done.",
        "b": None,
        "c": "Nearly.",
    }


def test_thirds_that_are_rounded_to_whole_percents_are_thirds():
    inside = "<single>false</single>" + "".join(answer(share, f"{n}") for n, share in enumerate((33, 33, 33, -50)))
    entry = only(question("multichoice", inside))
    assert [one["fraction"] for one in entry.question.structure["options"]] == ["0.3333333"] * 3 + ["-0.5"]
    assert "99 %" in changes(entry)
    unequal = "<single>false</single>" + answer(60, "a") + answer(30, "b") + answer(-100, "c")
    assert "90 %" in refusal(question("multichoice", unequal))


def test_a_gap_whose_group_holds_nothing_else_is_refused_by_its_reason():
    options = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>" for text, group in ("a1", "b1", "c2")
    )
    assert "single answer" in refusal(question("gapselect", options, "<p>[[1]] and [[3]]</p>"))


def test_paragraphs_lists_and_tables_stay_readable_and_the_loss_is_told():
    stem = (
        "<h3>Case</h3><p>He has <b>two</b> offers:<br>one</p><ul><li>cash</li><li>a job</li></ul>"
        "<table><tr><th>Item</th><th>Value</th></tr><tr><td>Watch</td><td>90&nbsp;€</td></tr></table><p>m<sup>2</sup></p>"
    )
    entry = only(question("multichoice", TWO, stem))
    assert entry.question.words["stem"] == (
        "Case\n\nHe has two offers:\none\n\n• cash\n• a job\n\nItem | Value\nWatch | 90 €\n\nm²"
    )
    assert entry.outcome == Outcome.CHANGED
    assert "Formatting" in changes(entry)
    assert "table" in changes(entry)


@pytest.mark.parametrize(
    ("form", "source", "stem"),
    [
        ("plain_text", "a &lt; b\n c", "a < b\n c"),
        ("moodle_auto_format", "one\ntwo &lt;b&gt;three&lt;/b&gt;", "one\ntwo three"),
        ("markdown", "one\n\n* two\n* three", "one\n\n• two\n• three"),
        ("html", "one\n two", "one\ntwo"),
    ],
)
def test_each_form_of_text_is_read_as_moodle_shows_it(form, source, stem):
    given = (
        f'<question type="truefalse"><name><text>x</text></name><questiontext format="{form}"><text>{source}</text>'
        f"</questiontext>{answer(100, 'true')}{answer(0, 'false')}</question>"
    )
    assert only(given).question.words["stem"] == stem


def test_pictures_come_with_their_words_and_are_painted_anew():
    data = picture_bytes(30, 20, "PNG") + b"hidden behind the end"
    stem = '<p>Look: <img src="@@PLUGINFILE@@/the%20seal.png" alt="A broken seal"></p>'
    files = f'<file name="the seal.png" path="/" encoding="base64">{packed(data)}</file>'
    made = only(question("multichoice", TWO, stem, files)).question
    [medium] = made.media
    assert made.words["media"] == [{"sha256": medium.sha256, "kind": "image", "alt": "A broken seal"}]
    assert (medium.name, medium.content_type) == ("the seal.png", "image/png")
    assert b"hidden" not in medium.data


def test_what_a_file_is_its_bytes_decide():
    stem = 'Look:<p><img src="@@PLUGINFILE@@/seal.jpg" alt="Seal"><a href="@@PLUGINFILE@@/call.mp3">The call</a></p>'
    files = (
        f'<file name="seal.jpg" encoding="base64">{packed(picture_bytes(30, 20, "GIF"))}</file>'
        f'<file name="call.mp3" encoding="base64">{packed(MP3)}</file>'
    )
    made = only(question("multichoice", TWO, stem, files)).question
    assert {(one.kind, one.name, one.content_type) for one in made.media} == {
        ("image", "seal.png", "image/png"),
        ("audio", "call.mp3", "audio/mpeg"),
    }
    assert [one["alt"] for one in made.words["media"]] == ["Seal", "The call"]


def test_a_picture_without_words_gets_its_file_name_and_the_author_is_told():
    files = f'<file name="seal.png" encoding="base64">{packed(picture_bytes(30, 20, "PNG"))}</file>'
    entry = only(question("multichoice", TWO, '<img src="@@PLUGINFILE@@/seal.png">Look', files))
    assert entry.question.words["media"][0]["alt"] == "seal.png"
    assert "no words" in changes(entry)


def test_a_picture_inside_the_mark_up_is_taken_too():
    stem = f'<p>Look</p><img alt="Seal" src="data:image/png;base64,{packed(picture_bytes(30, 20, "PNG"))}">'
    assert len(only(question("multichoice", TWO, stem)).question.media) == 1


def test_a_picture_beside_the_text_as_before_moodle_2_is_taken():
    inside = f"<image>a.png</image><image_base64>{packed(picture_bytes(30, 20, 'PNG'))}</image_base64>"
    assert len(only(question("multichoice", inside + TWO)).question.media) == 1


@pytest.mark.parametrize(
    ("stem", "files", "why"),
    [
        ('<img src="https://example.org/a.png" alt="x">', "", "fetched"),
        ('<img src="@@PLUGINFILE@@/gone.png" alt="x">', "", "does not hold"),
        ('<img src="@@PLUGINFILE@@/a.svg">', f'<file name="a.svg">{packed(b"<svg/>")}</file>', "SVG"),
        ('<img src="@@PLUGINFILE@@/a.png">', '<file name="a.png">%%%</file>', "Base64"),
        ('<img src="@@PLUGINFILE@@/a.png">', f'<file name="a.png">{packed(b"MZ")}</file>', "no picture"),
    ],
)
def test_a_question_is_refused_without_the_picture_it_shows(stem, files, why):
    assert why in refusal(question("multichoice", TWO, f"<p>Look</p>{stem}", files))


def test_an_answer_that_is_a_picture_without_words_is_refused():
    assert "without words" in refusal(question("multichoice", TWO + answer(0, '<img src="@@PLUGINFILE@@/a.png">')))


def test_true_is_told_by_its_text_and_in_old_files_by_its_place():
    told = answer(0, "false", "No.", "moodle_auto_format") + answer(100, "true", "Yes.", "moodle_auto_format")
    made = only(question("truefalse", told)).question
    assert made.structure == {"shape": 2, "correct": True}
    assert made.words["options"] == {"false": {"feedback": "No."}, "true": {"feedback": "Yes."}}
    assert only(question("truefalse", answer(0, "Vrai") + answer(100, "Faux"))).question.structure["correct"] is False


def test_short_answers_keep_case_wildcards_and_shares():
    inside = "<usecase>1</usecase>" + answer(100, "ras*") + answer(50, r"2 \* 3", "Half.")
    made = only(question("shortanswer", inside)).question
    assert made.structure == {"shape": 2, "case": True, "accents": True, "wildcards": True}
    assert made.words["accepted"] == [
        {"text": "ras*", "fraction": "1"},
        {"text": r"2 \* 3", "fraction": "0.5", "feedback": "Half."},
    ]


def test_without_wildcards_a_star_is_a_star():
    made = only(question("shortanswer", answer(100, r"2 \* 3"))).question
    assert made.structure["wildcards"] is False
    assert made.words["accepted"][0]["text"] == "2 * 3"


def number(share, value, tolerance, feedback=""):
    return answer(share, value, feedback).replace("</answer>", f"<tolerance>{tolerance}</tolerance></answer>")


def test_a_units_multiplier_is_turned_round():
    """Moodle: 1000 g make one kg. Here: a gram is worth 0.001 kg."""
    inside = (
        number(100, "12,5", "0.1")
        + number(0, "*", "0")
        + "<units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit>"
        "<unit><multiplier>1000</multiplier><unit_name>g</unit_name></unit></units>"
        "<unitgradingtype>1</unitgradingtype><unitpenalty>1.0</unitpenalty><showunits>0</showunits>"
    )
    entry = only(question("numerical", inside))
    assert entry.question.structure == {
        "shape": 2,
        "answers": [{"value": "12.5", "tolerance": "0.1", "fraction": "1"}],
        "units": [{"unit": "kg", "factor": "1"}, {"unit": "g", "factor": "0.001"}],
        "unit": "required",
    }
    assert entry.outcome == Outcome.TAKEN


def test_units_of_old_files_are_not_asked_for():
    inside = number(100, "3", "0") + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    assert only(question("numerical", inside)).question.structure["unit"] == "optional"


def pair(prompt, target):
    return (
        f'<subquestion format="html"><text><![CDATA[{prompt}]]></text>'
        f"<answer><text>{target}</text></answer></subquestion>"
    )


def test_matching_shares_targets_and_keeps_distractors():
    inside = pair("<p>Watch</p>", "Refuse") + pair("Hamper", "Refuse") + pair("Pen", "Accept") + pair("", "Register")
    made = only(question("matching", inside)).question
    assert made.structure == {
        "shape": 2,
        "prompts": ["p1", "p2", "p3"],
        "targets": ["t1", "t2", "t3"],
        "pairs": {"p1": "t1", "p2": "t1", "p3": "t2"},
        "shuffle": True,
    }
    assert made.words["targets"] == {"t1": "Refuse", "t2": "Accept", "t3": "Register"}


def test_an_order_is_told_when_it_earned_in_another_way():
    inside = "<gradingtype>{}</gradingtype>" + answer("1", "Refuse") + answer("2", "Record") + answer("3", "Notify")
    whole = only(question("ordering", inside.format("ALL_OR_NOTHING")))
    assert whole.question.structure == {"shape": 2, "elements": ["e1", "e2", "e3"], "credit": "whole"}
    assert whole.outcome == Outcome.TAKEN
    assert "pairs" in changes(only(question("ordering", inside.format("LONGEST_ORDERED_SUBSET"))))


def test_an_essay_gets_a_rubric_in_the_language_of_its_words():
    inside = (
        "<responseformat>editor</responseformat><attachments>1</attachments><filetypeslist>.pdf,.exe</filetypeslist>"
        "<maxwordlimit>300</maxwordlimit>"
        '<graderinfo format="html"><text>Look for the log.</text></graderinfo>'
    )
    [entry] = read(question("essay", inside)).entries
    assert entry.question.structure["most_words"] == 300
    assert (entry.question.structure["files"], entry.question.structure["file_kinds"]) == (1, ["pdf"])
    assert entry.question.words["for_markers"] == "Look for the log."
    assert set(entry.question.words["rubric"]) == {"c1"}
    assert "rubric" in changes(entry)
    assert "exe" in changes(entry)


def test_a_cloze_becomes_gaps():
    stem = (
        "<p>The limit is {2:NUMERICAL:=50:5#Right~%50%100:5} euros; ask the {1:MULTICHOICE:=head#Yes~clerk &amp; co}. "
        "Write to {:SHORTANSWER_C:=the \\#1 office~%50%office~*#Look again}.</p>"
    )
    made = only(question("cloze", "", stem)).question
    assert made.words["stem"] == "The limit is [[g1]] euros; ask the [[g2]]. Write to [[g3]]."
    first, second, third = made.structure["gaps"]
    assert first == {
        "key": "g1",
        "kind": "number",
        "points": "2",
        "answers": [
            {"value": "50", "tolerance": "5", "fraction": "1"},
            {"value": "100", "tolerance": "5", "fraction": "0.5"},
        ],
    }
    assert second["options"] == [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0"}]
    assert made.words["gaps"]["g2"]["options"] == {
        "a": {"text": "head", "feedback": "Yes"},
        "b": {"text": "clerk & co"},
    }
    assert (third["case"], third["wildcards"]) == (True, True)
    assert [one["text"] for one in made.words["gaps"]["g3"]["accepted"]] == ["the #1 office", "office", "*"]


def test_gaps_to_select_and_to_drag_offer_their_group():
    words = (
        "<selectoption><text>refuse</text><group>1</group></selectoption>"
        "<selectoption><text>record</text><group>2</group></selectoption>"
        "<selectoption><text>accept</text><group>1</group></selectoption>"
        "<selectoption><text>forget</text><group>2</group></selectoption>"
    )
    made = only(question("gapselect", words, "<p>First [[1]], then [[2]], never [[3]].</p>")).question
    assert made.words["stem"] == "First [[g1]], then [[g2]], never [[g3]]."
    assert [[one["fraction"] for one in gap["options"]] for gap in made.structure["gaps"]] == [
        ["1", "0"],
        ["1", "0"],
        ["0", "1"],
    ]
    dragged = only(question("ddwtos", words.replace("selectoption", "dragbox"), "<p>First [[1]].</p>"))
    assert "dragged" in changes(dragged)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("calculated", "drawn anew"),
        ("calculatedsimple", "drawn anew"),
        ("calculatedmulti", "drawn anew"),
        ("ddimageortext", "dragged onto a picture"),
        ("description", "asks nothing"),
        ("random", "drawn at random"),
        ("coderunner", "coderunner"),
    ],
)
def test_what_is_not_possible_here_is_refused_with_the_reason(kind, why):
    assert why in refusal(question(kind))


def test_the_category_that_all_share_is_their_title_and_those_below_it_and_tags_become_tags():
    path = "$course$/top/Offers/Gifts // money/Default for X"
    category = f'<question type="category"><category><text>{path}</text></category></question>'
    tags = "<tags><tag><text>office</text></tag><tag><text>plumb:difficulty=3</text></tag></tags>"
    found = read(category, question("multichoice", tags + TWO))
    [made] = found.questions
    assert found.title == "Offers"
    assert made.tags == ("Gifts / money", "office")
    assert made.difficulty == 3


def test_without_a_category_that_all_share_each_is_a_tag():
    path = '<question type="category"><category><text>top/%s</text></category></question>'
    found = read(path % "Gifts", question("multichoice", TWO), path % "Money", question("multichoice", TWO))
    assert (found.title, [made.tags for made in found.questions]) == ("", [("Gifts",), ("Money",)])


def test_of_several_languages_the_one_that_was_asked_for_is_taken():
    stem = '<span lang="en" class="multilang">Gift</span><span lang="fr" class="multilang">Cadeau</span>'
    [entry] = read(question("multichoice", TWO, stem), language="fr").entries
    assert entry.question.words["stem"] == "Cadeau"
    assert "several languages" in changes(entry)
    [entry] = read(
        question("multichoice", TWO, "{mlang en}Gift{mlang}{mlang fr}Cadeau{mlang}!"), language="fr"
    ).entries
    assert entry.question.words["stem"] == "Cadeau!"


def test_keys_are_stable_and_each_its_own():
    two = [question("multichoice", TWO), question("multichoice", TWO), question("multichoice", TWO, name="Подарок")]
    first, second = read(*two), read(*two)
    keys = [one.key for one in first.questions]
    assert keys[:2] == ["hamper", "hamper-2"]
    assert keys[2].startswith("q-")
    assert keys == [one.key for one in second.questions]


def test_one_broken_question_does_not_take_the_others_with_it():
    reading = read(question("multichoice", answer(100, "a")), question("multichoice", TWO))
    assert [entry.outcome for entry in reading.entries] == [Outcome.REFUSED, Outcome.TAKEN]


@pytest.mark.parametrize("data", [b"<other/>", b"<quiz/>", b"<quiz><question></quiz>", b"", b"GIFT {}"])
def test_what_is_no_bank_is_refused_as_a_whole(data):
    with pytest.raises(Refused):
        moodle_xml.read(data, "en")


def test_an_order_is_that_of_its_places_not_that_of_the_file():
    places = answer("3.0", "File") + answer("1.0", "Seal") + answer("2.0", "Sign")
    assert list(only(question("ordering", places)).question.words["elements"].values()) == ["Seal", "Sign", "File"]
