"""The catalogues of translations are complete, sound, and compiled."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest

from moviereservation import translations

REFRESH = "run `make translations`, and translate what it names"
LANGUAGES = translations.languages()
MARKUP = re.compile(r"<[^>]*>")


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def found():
    return translations.extracted()


def test_german_is_there():
    assert LANGUAGES == ["de"]


def test_every_language_that_is_offered_has_a_catalogue(settings):
    offered = {code.partition("-")[0] for code, _name in settings.LANGUAGES}
    assert offered == {"en", *LANGUAGES}


def test_whatever_the_code_says_is_in_the_catalogue(language, found):
    said = {(message.context, message.id) for message in found}
    known = {(message.context, message.id) for message in translations.read(language)}
    assert said == known, REFRESH


def test_everything_is_translated_and_nothing_is_a_guess(language):
    catalog = translations.read(language)
    assert [message.id for message in translations.untranslated(catalog)] == []
    assert [message.id for message in catalog if message.fuzzy] == []


def test_placeholders_and_plurals_agree(language):
    catalog = translations.read(language)
    assert [(message.id, errors) for message, errors in catalog.check()] == []
    for message, said, translated in _pairs(catalog):
        assert set(_holes(said)) == set(_holes(translated)), message.id


def test_markup_agrees(language):
    for message, said, translated in _pairs(translations.read(language)):
        assert sorted(MARKUP.findall(said)) == sorted(MARKUP.findall(translated)), message.id


def test_what_is_served_is_the_catalogue_compiled(language):
    catalog = translations.read(language)
    served = GNUTranslations(BytesIO(translations.po(language).with_suffix(".mo").read_bytes()))
    compiled = GNUTranslations(BytesIO(translations.compiled(catalog)))
    assert served._catalog == compiled._catalog, REFRESH


def test_a_refresh_changes_nothing_that_is_translated(language, found):
    catalog = translations.read(language)
    before = {(message.context, message.id): message.string for message in catalog}
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    after = {(message.context, message.id): message.string for message in catalog}
    assert before == after, REFRESH


def _pairs(catalog):
    """Every msgid with its translation; the plural with each of its forms but the first."""
    for message in catalog:
        if isinstance(message.id, str):
            if message.id:
                yield message, message.id, message.string
        else:
            for translated in message.string[1:]:
                yield message, message.id[1], translated


def _holes(text):
    """`%(seats)s`, and the marks that scripts put something in for."""
    return re.findall(r"%%?\(\w+\)s|\bAMOUNT\b", text)
