"""What a guest needs is said once, kept, and taken back as easily."""

import pytest

from accounts.models import User
from accounts.needs import NAMES, Needs
from accounts.tests.cast import alice

pytestmark = pytest.mark.django_db


def needs_of(guest):
    return User.objects.get(pk=guest.pk).needs


def test_what_is_ticked_is_kept_and_what_is_not_is_taken_back(client):
    guest = alice()
    client.force_login(guest)
    client.post("/account/", {"name": "Alice", "more_time": "on", "captions": "on"})
    assert needs_of(guest) == Needs(more_time=True, captions=True)
    html = client.get("/account/").content.decode()
    assert html.count("checked") == 2
    client.post("/account/", {"name": "Alice", "wheelchair": "on", "companion": "on"})
    assert needs_of(guest) == Needs(wheelchair=True, companion=True)


def test_who_has_said_nothing_needs_nothing(django_assert_num_queries):
    guest = alice()
    with django_assert_num_queries(0):
        assert guest.needs == Needs()


def test_everything_at_once_is_written_and_read_again():
    everything = Needs(**dict.fromkeys(NAMES, True))
    assert Needs.read(str(everything)) == everything
    assert len(str(everything)) <= User._meta.get_field("saved_needs").max_length


def test_a_word_that_is_not_known_is_no_need():
    assert Needs.read("captions smell_o_vision") == Needs(captions=True)
