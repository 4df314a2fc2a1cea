"""A gzip stream put together from parts is what any gzip reader reads."""

import gzip
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tests.cast import alice
from reservations.pages.packing import gzipped, part
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.text(max_size=400), max_size=8))
def test_whatever_is_packed_is_unpacked(texts):
    assert gzip.decompress(gzipped([part(text) for text in texts])).decode() == "".join(texts)


def test_the_length_tells_nothing_of_what_is_inside():
    assert len({len(gzipped([part("secret")])) for _n in range(50)}) > 5


@pytest.mark.django_db
def test_a_browser_gets_the_seat_page_compressed_and_it_is_the_same_page(client):
    showtime = make_showtime()
    plain = client.get(f"/book/{showtime.pk}/")
    packed = client.get(f"/book/{showtime.pk}/", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "Cookie" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert _without_token(gzip.decompress(packed.content)) == _without_token(plain.content)


@pytest.mark.django_db
def test_a_page_with_ticks_is_compressed_once_only(client):
    guest, showtime = alice(), make_showtime()
    client.force_login(guest)
    hold_for(guest, showtime, "A1", "A2")
    packed = client.get(f"/book/{showtime.pk}/", headers={"Accept-Encoding": "gzip"})
    assert b'value="A1" data-price="1200" checked' in gzip.decompress(packed.content)


def _without_token(html):
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", html)
