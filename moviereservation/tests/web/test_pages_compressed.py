"""Pages go out compressed to whoever can read that, and are still not sent twice."""

import gzip

import pytest

from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_and_asked_for_again_it_is_not_sent(client):
    path = make_showtime().movie.get_absolute_url()
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert "Showtimes" in gzip.decompress(answer.content).decode()
    again = client.get(path, headers={"accept-encoding": "gzip", "if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_who_cannot_read_it_gets_it_plain(client):
    answer = client.get("/")
    assert "Content-Encoding" not in answer
    assert "<h1>" in answer.content.decode()


def test_answers_to_programs_are_left_alone(client):
    showtime = make_showtime()
    path = f"/showtimes/{showtime.pk}/seats"
    assert "Content-Encoding" not in client.get(path, headers={"accept-encoding": "gzip"})
