from babel.messages.catalog import Catalog

from core import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Certificate")
days = ngettext("%(count)s day", "%(count)s days", count)
may = pgettext("month", "May")
"""
TEMPLATE = """
{% load i18n %}
  <h1>{% translate "Your path" %}</h1>
    {# Translators: above the list of lessons #}
    <p>{% blocktranslate count lessons=n trimmed %}
         {{ lessons }} lesson
       {% plural %}
         {{ lessons }} lessons
       {% endblocktranslate %}</p>
  <p>it's "odd" (text</p>
"""


def found(tmp_path, python="", template=""):
    app = tmp_path / "app"
    (app / "templates").mkdir(parents=True, exist_ok=True)
    (app / "views.py").write_text(python)
    (app / "templates" / "page.html").write_text(template)
    return messages.template(tmp_path, [app])


def translated(tmp_path, language="fr", **texts):
    """A language's file, brought in line with the sources and filled with these translations."""
    wanted = found(tmp_path, PYTHON)
    path = messages.path_of(tmp_path, language)
    messages.update(path, language, wanted)
    catalog = messages.read(path, language)
    for text in catalog:
        if text.id:
            source = text.id[0] if text.pluralizable else text.id
            text.string = texts.get(source) or (("%(count)s x",) * catalog.num_plurals if text.pluralizable else "x")
    with path.open("wb") as file:
        messages.write_po(file, catalog)
    return path, wanted


def test_texts_of_python_and_templates_are_found(tmp_path):
    ids = {text.id for text in found(tmp_path, PYTHON, TEMPLATE)}
    assert {
        "Certificate",
        ("%(count)s day", "%(count)s days"),
        "May",
        "Your path",
        ("%(lessons)s lesson", "%(lessons)s lessons"),
    } <= ids


def test_the_same_word_in_two_senses_stays_two_texts(tmp_path):
    assert found(tmp_path, PYTHON).get("May", "month").id == "May"


def test_a_finished_translation_has_no_faults(tmp_path):
    path, wanted = translated(tmp_path)
    assert list(messages.faults(path, "fr", wanted)) == []


def test_each_fault_is_told(tmp_path):
    path, wanted = translated(tmp_path)
    more = found(tmp_path, PYTHON + '_("New")')
    assert any("New" in fault and "make messages" in fault for fault in messages.faults(path, "fr", more))
    fewer = found(tmp_path, '_("Certificate")')
    assert any("no longer used" in fault for fault in messages.faults(path, "fr", fewer))
    messages.update(path, "fr", more)
    assert any("not translated: “New”" in fault for fault in messages.faults(path, "fr", more))


def test_a_lost_placeholder_is_told(tmp_path):
    path, wanted = translated(tmp_path, **{"%(count)s day": ("%(cuont)s jour", "%(count)s jours")})
    assert any("placeholders differ" in fault for fault in messages.faults(path, "fr", wanted))


def test_one_plural_form_may_say_the_number_in_words(tmp_path):
    path, wanted = translated(tmp_path, **{"%(count)s day": ("un jour", "%(count)s jours")})
    assert list(messages.faults(path, "fr", wanted)) == []


def test_a_missing_plural_form_is_told(tmp_path):
    path, wanted = translated(tmp_path, "ru", **{"%(count)s day": ("день", "дня", "")})
    assert any("not translated" in fault for fault in messages.faults(path, "ru", wanted))


def test_bringing_a_file_in_line_twice_changes_nothing(tmp_path):
    path, wanted = translated(tmp_path)
    messages.update(path, "fr", wanted)
    once = path.read_bytes()
    messages.update(path, "fr", wanted)
    assert path.read_bytes() == once
    assert b"Date" not in once


def test_a_translation_survives_when_the_texts_change(tmp_path):
    path, _ = translated(tmp_path, Certificate="Certificat")
    messages.update(path, "fr", found(tmp_path, '_("Before it")\n' + PYTHON))
    assert messages.read(path, "fr").get("Certificate").string == "Certificat"


def test_arabic_numbers_its_plural_forms_as_its_translators_do(tmp_path):
    messages.update(messages.path_of(tmp_path, "ar"), "ar", Catalog())
    assert "n%100>=11 ? 4" in messages.path_of(tmp_path, "ar").read_text().replace('"\n"', "")


def test_compiling_again_does_nothing_until_the_file_changes(tmp_path):
    path, _ = translated(tmp_path)
    assert messages.compile_if_newer(path, "fr")
    assert not messages.compile_if_newer(path, "fr")
