"""QTI 2 and 3, read as others write it, and home again after it went out."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats.neutral import Outcome, Refused
from quizzes.formats.qti import reading, writer
from tests.factories.media import picture_bytes
from tests.quizzes.formats.banks import BY_KIND, KEPT, bank_of, held_by
from tests.quizzes.formats.test_detect import MANIFEST, zipped

MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response"/>'


def item(declared, body, rules=MATCH, more=""):
    return (
        '<?xml version="1.0"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="gift-1"'
        f' title="Gifts" adaptive="false" timeDependent="false">{declared}<itemBody>{body}</itemBody>{rules}{more}'
        "</assessmentItem>"
    ).encode()


def declared(correct, cardinality="single", base="identifier", mapping="", identifier="RESPONSE"):
    values = "".join(f"<value>{value}</value>" for value in correct)
    return (
        f'<responseDeclaration identifier="{identifier}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def mapping(entries, **attributes):
    given_ = "".join(f' {name}="{value}"' for name, value in attributes.items())
    held = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return f"<mapping{given_}>{held}</mapping>"


def choice(*told, kind="choiceInteraction", most="1", extra=""):
    choices = "".join(f'<simpleChoice identifier="{key}">{text}</simpleChoice>' for key, text in told)
    return (
        f'<{kind} responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}"><prompt>May she\n take it?</prompt>'
        f"{choices}{extra}</{kind}>"
    )


def only(data):
    [entry] = reading.read(data, "en").entries
    assert entry.refusal is None, str(entry.refusal)
    return entry


def changes(entry):
    return " ".join(str(change) for change in entry.changes)


def shares(question):
    return {option["key"]: option["fraction"] for option in question.structure["options"]}


def test_a_single_choice_keeps_its_identifiers():
    entry = only(item(declared(["NO"]), f"<p>A hamper.</p>{choice(('YES', 'Yes'), ('NO', 'No'))}"))
    assert entry.outcome == Outcome.TAKEN
    assert (entry.question.key, entry.question.name, entry.question.kind) == ("gift-1", "Gifts", "single_choice")
    assert entry.question.words["stem"] == "A hamper.\n\nMay she take it?"
    assert shares(entry.question) == {"YES": "0", "NO": "1"}


def test_a_prompt_that_repeats_the_text_is_said_once():
    made = only(item(declared(["a"]), f"<div>A hamper. May she take it?</div>{choice(('a', 'No'), ('b', 'Yes'))}"))
    assert made.question.words["stem"] == "A hamper. May she take it?"


def test_a_prompt_stands_on_a_line_of_its_own():
    made = only(item(declared(["a"]), f"<i>A hamper</i>{choice(('a', 'No'), ('b', 'Yes'))}")).question
    assert made.words["stem"] == "A hamper\nMay she take it?"


def test_a_table_of_points_becomes_shares_with_its_bounds_and_its_default():
    table = mapping({"H": 1, "O": 1, "Cl": -1}, lowerBound="0", upperBound="2", defaultValue="-2")
    told = choice(("H", "Hydrogen"), ("O", "Oxygen"), ("Cl", "Chlorine"), ("N", "Nitrogen"), most="0")
    made = only(item(declared(["H", "O"], "multiple", mapping=table), told, MAP)).question
    assert made.kind == "multiple_choice"
    assert shares(made) == {"H": "0.5", "O": "0.5", "Cl": "-0.5", "N": "-1"}


def test_all_or_nothing_is_told_when_parts_will_earn():
    told = choice(("a", "A"), ("b", "B"), ("c", "C"), most="0")
    entry = only(item(declared(["a", "b"], "multiple"), told))
    assert shares(entry.question) == {"a": "0.5", "b": "0.5", "c": "-1"}
    assert "Partly right" in changes(entry)


def test_feedback_stands_with_its_option_by_identifier_or_by_rule():
    inline = (
        '<feedbackInline outcomeIdentifier="FEEDBACK" identifier="a" showHide="show">Well\n seen.</feedbackInline>'
    )
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/><correct"
        " identifier='RESPONSE'/></match><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue>"
        "</setOutcomeValue></responseIf><responseElse><setOutcomeValue identifier='FEEDBACK'><baseValue"
        " baseType='identifier'>MISSED</baseValue></setOutcomeValue></responseElse></responseCondition>"
        "</responseProcessing>"
    )
    modal = (
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="MISSED" showHide="show">Look again.</modalFeedback>'
    )
    entry = only(item(declared(["a"]), choice(("a", f"A {inline}"), ("b", "B")), rules, modal))
    assert entry.question.words["options"] == {
        "a": {"text": "A", "feedback": "Well seen."},
        "b": {"text": "B", "feedback": "Look again."},
    }
    assert entry.outcome == Outcome.TAKEN


def test_an_order_is_the_correct_response():
    told = choice(("a", "A"), ("b", "B"), ("c", "C"), kind="orderInteraction")
    made = only(item(declared(["c", "a", "b"], "ordered"), told)).question
    assert made.structure == {"shape": 2, "elements": ["c", "a", "b"], "credit": "whole"}


def match_body():
    def side(*told):
        held = "".join(
            f'<simpleAssociableChoice identifier="{key}" matchMax="4">{text}</simpleAssociableChoice>'
            for key, text in told
        )
        return f"<simpleMatchSet>{held}</simpleMatchSet>"

    left, right = side(("w", "Watch"), ("p", "Pen")), side(("r", "Refuse"), ("t", "Accept"), ("x", "Register"))
    return f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Match.</prompt>{left}{right}</matchInteraction>'


def test_pairs_become_a_matching():
    table = mapping({"w r": 1, "p t": 1})
    made = only(item(declared(["w r", "p t"], "multiple", "directedPair", table), match_body(), MAP)).question
    assert made.structure["pairs"] == {"w": "r", "p": "t"}
    assert made.structure["targets"] == ["r", "t", "x"]


def test_a_part_with_two_counterparts_is_refused():
    data = item(declared(["w r", "w t", "p t", "p r"], "multiple", "directedPair"), match_body())
    assert "counterpart" in str(reading.read(data, "en").entries[0].refusal)


@pytest.mark.parametrize("pair", ["", "w", "w r t", "nobody r"])
def test_a_pair_that_is_none_is_refused(pair):
    data = item(declared([pair, "p t"], "multiple", "directedPair"), match_body())
    assert reading.read(data, "en").entries[0].refusal is not None


def test_one_text_entry_is_a_short_answer_and_several_are_gaps():
    table = mapping({"York": 1, "york": 0.5})
    entry = '<textEntryInteraction responseIdentifier="RESPONSE"/>'
    made = only(item(declared(["York"], base="string", mapping=table), f"<p>Sun of {entry}; and</p>", MAP)).question
    assert made.words["stem"] == "Sun of _____; and"
    assert made.structure == {"shape": 2, "case": True, "accents": True, "wildcards": False}
    assert made.words["accepted"] == [{"text": "York", "fraction": "1"}, {"text": "york", "fraction": "0.5"}]
    inline = (
        '<inlineChoiceInteraction responseIdentifier="SECOND"><inlineChoice identifier="A">a</inlineChoice>'
        '<inlineChoice identifier="B">b</inlineChoice></inlineChoiceInteraction>'
    )
    two = declared(["York"], base="string") + declared(["B"], identifier="SECOND")
    made = only(item(two, f"<p>{entry} and {inline}</p>")).question
    assert made.words["stem"] == "[[g1]] and [[g2]]"
    assert made.structure["gaps"][1]["options"] == [{"key": "A", "fraction": "0"}, {"key": "B", "fraction": "1"}]


def test_a_number_has_the_tolerance_of_its_rule():
    rules = (
        "<responseProcessing><responseCondition><responseIf><equal toleranceMode='relative' tolerance='10 10'>"
        "<variable identifier='RESPONSE'/><baseValue baseType='float'>50</baseValue></equal>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>2</baseValue></setOutcomeValue>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    entry = '<p>How much? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    made = only(item(declared(["50"], base="float"), entry, rules)).question
    assert made.kind == "numerical"
    assert made.structure["answers"] == [{"value": "50", "tolerance": "5", "fraction": "1"}]


def test_words_put_into_gaps_are_chosen_from_a_list():
    body = (
        '<gapMatchInteraction responseIdentifier="RESPONSE"><prompt>Fill.</prompt>'
        '<gapText identifier="w">refuse</gapText>'
        '<gapText identifier="s">record</gapText><p>First <gap identifier="G1"/>, then <gap identifier="G2"/>.</p>'
        "</gapMatchInteraction>"
    )
    made = only(item(declared(["w G1", "s G2"], "multiple", "directedPair"), body)).question
    assert made.words["stem"] == "Fill.\n\nFirst [[G1]], then [[G2]]."
    assert [[one["fraction"] for one in gap["options"]] for gap in made.structure["gaps"]] == [["1", "0"], ["0", "1"]]


def test_a_place_on_a_picture_in_a_package():
    body = (
        '<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Where?</prompt>'
        '<object type="image/png" data="pictures/map.png" width="200" height="100">A map</object>'
        '<hotspotChoice identifier="A" shape="rect" coords="20,10,60,30" hotspotLabel="Gate"/>'
        '<hotspotChoice identifier="B" shape="circle" coords="100,50,20" hotspotLabel="Shed"/></hotspotInteraction>'
    )
    members = [
        ("imsmanifest.xml", MANIFEST),
        ("a.xml", item(declared(["A"]), body)),
        ("pictures/map.png", picture_bytes(400, 200, "PNG")),
    ]
    entry = only(zipped(members))
    assert entry.member == "a.xml"
    assert [area["coords"] for area in entry.question.structure["areas"]] == [[100, 100, 200, 200], [500, 500, 100]]
    assert entry.question.structure["ratio"] == "0.5"
    assert entry.question.words["areas"] == {"A": "Gate", "B": "Shed"}
    assert entry.question.words["image_alt"] == "A map"


def test_an_essay_keeps_what_is_said_to_who_scores_it():
    body = (
        '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Why?</prompt></extendedTextInteraction>'
        '<rubricBlock view="scorer"><p>Look for the log.</p></rubricBlock>'
    )
    made = only(item('<responseDeclaration identifier="RESPONSE" cardinality="single"/>', body, "")).question
    assert (made.kind, made.words["for_markers"]) == ("essay", "Look for the log.")
    assert "log" not in made.words["stem"]


def test_what_is_said_to_the_candidate_belongs_to_the_stem():
    body = f'<rubricBlock view="candidate"><p>Read first.</p></rubricBlock>{choice(("a", "A"), ("b", "B"))}'
    assert only(item(declared(["a"]), body)).question.words["stem"] == "Read first.\n\nMay she take it?"


def test_version_3_is_the_same_under_other_names():
    data = (
        b'<qti-assessment-item identifier="a" title="A" xml:lang="fr"><qti-response-declaration identifier="RESPONSE"'
        b' cardinality="single" base-type="identifier"><qti-correct-response><qti-value>y</qti-value>'
        b"</qti-correct-response></qti-response-declaration><qti-item-body><qti-choice-interaction"
        b' response-identifier="RESPONSE" max-choices="1"><qti-prompt>Which?</qti-prompt><qti-simple-choice'
        b' identifier="x">a</qti-simple-choice><qti-simple-choice identifier="y">b</qti-simple-choice>'
        b"</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    found = reading.read(data, "en")
    assert (found.format, found.language) == ("qti3", "fr")
    assert shares(found.questions[0]) == {"x": "0", "y": "1"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            item(declared(["a b"], "multiple", "pair"), '<associateInteraction responseIdentifier="RESPONSE"/>'),
            "within one list",
        ),
        (item(declared([]), choice(("a", "A"), ("b", "B"))), "no right answer"),
        (item("", "<p>Only words.</p>"), "asks nothing"),
        (item(declared(["7"]), '<sliderInteraction responseIdentifier="RESPONSE"/>'), "Ask for the number"),
        (item(declared(["7"]), '<drawnInteraction responseIdentifier="RESPONSE"/>'), "asks nothing"),
        (
            item(declared(["a"]), f'<object type="text/html" data="shared.html"/>{choice(("a", "A"), ("b", "B"))}'),
            "whole package",
        ),
        (item(declared(["a"]), f'<include href="x.xml"/>{choice(("a", "A"), ("b", "B"))}'), "another file"),
        (item("", choice(("a", "A"), ("b", "B"))), "no right answer"),
        (item("<templateDeclaration/>" + declared(["a"]), choice(("a", "A"), ("b", "B"))), "template"),
        (item(declared(["a"]), choice(("a", "A"), ("b", "B")) * 2), "several things"),
        (item(declared(["a"]), choice(("a", '<img src="x.png" alt=""/>'), ("b", "B"))), "without words"),
        (item(declared(["a"]), "<img src='x.png' alt='x'/>" + choice(("a", "A"), ("b", "B"))), "does not hold"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(data, why):
    assert why in str(reading.read(data, "en").entries[0].refusal)


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_goes_out_comes_home_equal(kind, version, data):
    bank = data.draw(bank_of(held_by(f"qti{version}", kind)))
    made = writer.write(bank, "en", "Gifts", version)
    assert [left for left in made.left if not left.written] == []
    found = reading.read(made.data, "en", KEPT)
    assert [str(entry.refusal) for entry in found.entries if entry.refusal] == []
    assert (found.title, found.questions) == ("Gifts", bank)
    assert found.format == f"qti{version}"


def numeric(compared):
    rules = (
        f"<responseProcessing><responseCondition><responseIf>{compared}"
        '<setOutcomeValue identifier="SCORE"><variable identifier="MAXSCORE"/></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    most = (
        '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue>'
        "<value>10</value></defaultValue></outcomeDeclaration>"
    )
    told = declared(["3.14"], "single", "float")
    body = '<p>Pi? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    [entry] = reading.read(item(told + most, body, rules), "en").entries
    assert entry.refusal is None, str(entry.refusal)
    [answer] = entry.question.structure["answers"]
    return answer["value"], answer["tolerance"], answer["fraction"]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ('<equal toleranceMode="relative" tolerance="1 1">{}</equal>', ("3.14", "0.0314", "1")),
        ('<equal toleranceMode="absolute" tolerance="0.1">{}</equal>', ("3.14", "0.1", "1")),
        ('<equal toleranceMode="absolute" tolerance="0 0.2">{}</equal>', ("3.24", "0.1", "1")),
        ('<equal toleranceMode="exact">{}</equal>', ("3.14", "0", "1")),
        ('<equalRounded roundingMode="decimalPlaces" figures="1">{}</equalRounded>', ("3.14", "0.05", "1")),
        ('<equalRounded roundingMode="significantFigures" figures="3">{}</equalRounded>', ("3.14", "0.005", "1")),
    ],
)
def test_a_number_is_compared_with_the_correct_response_as_other_programs_write_it(how, expected):
    compared = '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
    assert numeric(how.format(compared)) == expected


def test_a_package_of_qti_1_2_is_refused_by_its_name():
    manifest = '<manifest><resources><resource type="imsqti_xmlv1p2" identifier="a"/></resources></manifest>'
    with pytest.raises(Refused, match="QTI 1.2"):
        reading.read(zipped([("imsmanifest.xml", manifest)]), "en")


def modal(identifier, text, show="show"):
    return (
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{identifier}" showHide="{show}">{text}'
        "</modalFeedback>"
    )


def test_feedback_of_an_option_and_of_right_answers_is_shown_together():
    said = '<feedbackInline outcomeIdentifier="F" identifier="a" showHide="show">Refuse it.</feedbackInline>'
    told = modal("correct", "Well done.") + modal("incorrect", "Read on.")
    options = only(item(declared(["a"]), choice(("a", f"No{said}"), ("b", "Yes")), more=told)).question.words[
        "options"
    ]
    assert options["a"] == {"text": "No", "feedback": "Refuse it.\n\nWell done."}
    assert options["b"] == {"text": "Yes", "feedback": "Read on."}


def test_feedback_of_right_answers_stands_with_the_accepted_ones():
    body = '<p>Where? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    table = mapping({"register": 2, "book": 1})
    more = modal("correct", "Yes.") + modal("general", "Article 12.", "hide")
    made = only(item(declared([], base="string", mapping=table), body, MAP, more)).question
    assert made.words["accepted"] == [
        {"text": "register", "fraction": "1", "feedback": "Yes."},
        {"text": "book", "fraction": "0.5"},
    ]
    assert made.words["rationale"] == "Article 12.", "what is hidden for an outcome that never comes is always shown"


def test_feedback_that_is_hidden_for_some_answers_is_told_to_be_lost():
    rules = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/>"
        "<correct identifier='RESPONSE'/></match><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1"
        "</baseValue></setOutcomeValue><setOutcomeValue identifier='FEEDBACK'><baseValue baseType='identifier'>b"
        "</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    entry = only(item(declared(["a"]), choice(("a", "A"), ("b", "B")), rules, modal("b", "Not so.", "hide")))
    assert "feedback" not in entry.question.words["options"]["b"]
    assert "feedback has no place" in changes(entry)


@pytest.mark.parametrize(("fixed", "shuffle", "told"), [("", True, False), ("c", False, True), ("abc", False, False)])
def test_an_answer_that_keeps_its_place_keeps_all_in_theirs(fixed, shuffle, told):
    choices = "".join(
        f'<simpleChoice identifier="{key}" fixed="{str(key in fixed).lower()}">{key}</simpleChoice>' for key in "abc"
    )
    entry = only(item(declared(["a"]), choice(extra=choices)))
    assert entry.question.structure["shuffle"] is shuffle
    assert ("keep their places" in changes(entry)) is told


def rule(condition, points, kind="responseIf"):
    return (
        f'<{kind}>{condition}<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{points}</baseValue>'
        f"</setOutcomeValue></{kind}>"
    )


def compared(name, value, **given_):
    attributes = "".join(f' {key}="{said}"' for key, said in given_.items())
    sides = f'<variable identifier="RESPONSE"/><baseValue baseType="string">{value}</baseValue>'
    return f"<{name}{attributes}>{sides}</{name}>"


def by_rules(*rules):
    return f"<responseProcessing><responseCondition>{''.join(rules)}</responseCondition></responseProcessing>"


def test_a_key_that_stands_in_plain_rules_alone_is_read():
    rules = by_rules(rule(compared("match", "b"), "2"), rule(compared("match", "a"), "1", "responseElseIf"))
    made = only(item(declared([]), choice(("a", "A"), ("b", "B"), ("c", "C")), rules)).question
    assert shares(made) == {"a": "0.5", "b": "1", "c": "0"}


def test_written_answers_of_rules_keep_their_case():
    body = '<p>Where? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    rules = by_rules(rule(compared("stringMatch", "register", caseSensitive="false"), "1"))
    made = only(item(declared([], base="string"), body, rules)).question
    assert (made.structure["case"], made.words["accepted"]) == (False, [{"text": "register", "fraction": "1"}])


def test_rules_that_keep_the_points_within_bounds_are_no_rules_of_its_own():
    def bound(name, limit):
        sides = f'<variable identifier="SCORE"/><variable identifier="{limit}"/>'
        kept = f'<setOutcomeValue identifier="SCORE"><variable identifier="{limit}"/></setOutcomeValue>'
        return f"<responseCondition><responseIf><{name}>{sides}</{name}>{kept}</responseIf></responseCondition>"

    mapped = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    rules = f"<responseProcessing>{mapped}{bound('gt', 'MAXSCORE')}{bound('lt', 'MINSCORE')}</responseProcessing>"
    table = mapping({"a": 1, "b": -1})
    assert changes(only(item(declared(["a"], mapping=table), choice(("a", "A"), ("b", "B")), rules))) == ""
    other = rules.replace('"MAXSCORE"/></gt>', '"TRIES"/></gt>')
    assert "rules of its own" in changes(
        only(item(declared(["a"], mapping=table), choice(("a", "A"), ("b", "B")), other))
    )


def test_a_key_of_other_rules_is_not_guessed():
    rules = by_rules(rule(compared("match", "b"), "1"), rule(compared("substring", "a"), "1", "responseElseIf"))
    [entry] = reading.read(item(declared([]), choice(("a", "A"), ("b", "B")), rules), "en").entries
    assert "rules of its own alone" in str(entry.refusal)


def test_gaps_that_earned_all_together_are_told_to_earn_one_by_one():
    gaps = '<p><gap identifier="G1"/> and <gap identifier="G2"/></p>'
    words = "".join(f'<gapText identifier="{one}" matchMax="1">{one}</gapText>' for one in "AB")
    body = f'<gapMatchInteraction responseIdentifier="RESPONSE">{words}{gaps}</gapMatchInteraction>'
    pairs = declared(["A G1", "B G2"], "multiple", "directedPair", mapping({"A G1": 1, "B G2": 1}))
    assert "all of them together" in changes(only(item(pairs, body)))
    assert "all of them together" not in changes(only(item(pairs, body, MAP)))


@pytest.mark.parametrize(("view", "told"), [("tutor scorer", True), ("candidate", False), ("candidate tutor", False)])
def test_what_is_said_to_others_than_who_answers_is_told_to_be_lost(view, told):
    block = f'<rubricBlock view="{view}"><p>Help them.</p></rubricBlock>'
    assert ("to tutors" in changes(only(item(declared(["a"]), block + choice(("a", "A"), ("b", "B")))))) is told


def test_a_text_of_its_own_file_is_asked_about_and_comes_along():
    asked = item(
        declared(["a"]), f'<object type="text/html" data="../shared/a.html"/>{choice(("a", "A"), ("b", "B"))}'
    )
    page = b"<html><head><title>x</title></head><body><h1>Article 12</h1><p>No gifts.</p></body></html>"
    package = zipped([("x/imsmanifest.xml", MANIFEST), ("x/a.xml", asked), ("shared/a.html", page)])
    [entry] = reading.read(package, "en").entries
    assert entry.question.words["stem"] == "Article 12\n\nNo gifts.\n\nMay she take it?"


@pytest.mark.parametrize("root", ["manifest", "assessmentTest", "qti-assessment-test", "qti-assessment-stimulus"])
def test_a_part_of_a_package_asks_for_the_whole(root):
    with pytest.raises(Refused, match="whole package"):
        reading.read(f"<{root}/>".encode(), "en")


@pytest.mark.parametrize(("template", "earned"), [("CC2_match.xml", "0"), ("CC2_map_response.xml", "0.5")])
def test_templates_of_common_cartridges_are_known_by_what_they_do(template, earned):
    rules = f'<responseProcessing template="https://www.imsglobal.org/question/qti_v3p0/rptemplates/{template}"/>'
    table = mapping({"a": 2, "b": 1})
    assert shares(only(item(declared(["a"], mapping=table), choice(("a", "A"), ("b", "B")), rules)).question) == {
        "a": "1",
        "b": earned,
    }
