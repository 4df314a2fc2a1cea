"""No template says a word that a translator would not find."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "value"}
UNSPOKEN = {"code", "script", "style", "svg"}
# Values that programs read, not people.
FOR_PROGRAMS = {"input:value", "button:value", "meta:content"}
BLOCKS = re.compile(
    r"\{% *(blocktranslate|comment)\b.*?\{% *end\1 *%\}"  # said through gettext, or to nobody
    r"|\{% *block \w*class *%\}.*?\{% *endblock *%\}"  # names of classes
    r"|\{\{ mark \}\}[\w-]+:"  # names of holes in the seat page
    r"|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
WORD = re.compile(r"[^\W\d_]{2,}")
PAGES = sorted(TEMPLATES.rglob("*.html"))
EMAILS = sorted(TEMPLATES.rglob("*.txt"))


class Spoken(HTMLParser):
    """Collects what a person would see or hear that no template tag says."""

    def __init__(self):
        super().__init__()
        self.words, self.silent = [], []

    def handle_starttag(self, tag, attrs):
        if tag in UNSPOKEN:
            self.silent.append(tag)
        for name, value in attrs:
            if name in SPOKEN and f"{tag}:{name}" not in FOR_PROGRAMS:
                self.handle_data(value or "")

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.words += WORD.findall(data)


def untranslated(template):
    reader = Spoken()
    reader.feed(BLOCKS.sub("", template))
    return reader.words


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_page_says_nothing_that_cannot_be_translated(path):
    assert untranslated(path.read_text()) == []


@pytest.mark.parametrize("path", EMAILS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_an_email_says_nothing_that_cannot_be_translated(path):
    assert WORD.findall(BLOCKS.sub("", path.read_text())) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<img alt="A poster">',
        '{% load i18n %}<p>{% translate "Seats" %}: Row</p>',
        '<a aria-label="Back" href="{{ url }}">←</a>',
    ],
)
def test_a_forgotten_word_is_found(template):
    assert untranslated(template)
