"""A ticket's code is ours or it is nothing, and whoever reads it learns nothing from it."""

import xml.etree.ElementTree as ElementTree

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from reservations.models import ALPHABET, ReservedSeat, new_reference, new_ticket_id
from reservations.tickets import codes

# What a QR code packs tightest. https://www.qrcode.com/en/about/version.html
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=60)


def a_code(ticket_id="0123456789ABCDEF"):
    return codes.code_of(ReservedSeat(ticket_id=ticket_id))


def test_a_code_leads_back_to_its_ticket():
    ticket_id = new_ticket_id()
    assert codes.ticket_id_of(a_code(ticket_id)) == ticket_id


def test_a_code_may_be_typed_in_small_letters_with_blanks_around():
    assert codes.ticket_id_of(f"  {a_code().lower()}\n") == "0123456789ABCDEF"


def test_a_code_with_one_character_changed_left_out_or_added_is_nothing():
    code = a_code()
    for n in range(len(code)):
        for other in (set("0Z.") - {code[n]}) | {""}:
            assert codes.ticket_id_of(code[:n] + other + code[n + 1 :]) is None
    for more in ("A", ".", "="):
        assert codes.ticket_id_of(code + more) is None


def test_the_signature_of_one_ticket_does_not_open_another():
    mine, other = a_code("0" * 16), a_code("1" * 16)
    prefix, _id, signature = mine.split(".")
    assert codes.ticket_id_of(f"{prefix}.{other.split('.')[1]}.{signature}") is None


def test_a_code_of_another_house_is_nothing(settings):
    code = a_code()
    settings.SECRET_KEY = "another-" * 8
    assert codes.ticket_id_of(code) is None
    assert a_code() != code


@given(ANYTHING)
def test_no_text_at_all_is_a_ticket_or_breaks_the_door(text):
    assert codes.ticket_id_of(text) is None


@given(ANYTHING, ANYTHING)
def test_no_text_between_the_dots_is_a_ticket_or_breaks_the_door(ticket_id, signature):
    assert codes.ticket_id_of(f"T1.{ticket_id}.{signature}") is None


def test_ids_are_not_guessed():
    ids = {new_ticket_id() for _n in range(2000)}
    assert len(ids) == 2000
    assert all(len(one) == 16 and set(one) <= set(ALPHABET) for one in ids)
    assert len({new_reference() for _n in range(2000)}) == 2000


def test_what_is_read_aloud_has_no_letters_that_are_mistaken():
    assert not set("ILOU") & set(ALPHABET)


def test_the_code_stays_small_and_sharp():
    code = a_code()
    assert set(code) <= ALPHANUMERIC
    assert segno.make(code, error="m", micro=False).mode == "alphanumeric"
    assert segno.make(code, error="m", micro=False).version <= 3


@pytest.mark.parametrize(
    "title", ["Seat A1", "<script>alert(1)</script>", '"><x y="', "Größe & Co"]
)
def test_the_picture_is_plain_svg_with_a_title_whatever_is_in_it(title):
    picture = ElementTree.fromstring(codes.qr_svg(a_code(), title=title))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.findtext("{http://www.w3.org/2000/svg}title") == title
    assert not picture.findall(".//{*}script")
