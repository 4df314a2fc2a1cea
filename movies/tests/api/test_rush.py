"""Two managers at work at once."""

from collections import Counter

import pytest

from accounts.tests.cast import api_client, mia
from accounts.tests.crowd import at_once
from movies.models import Genre, Movie


@pytest.mark.django_db(transaction=True)
def test_movies_of_one_name_made_at_once_get_an_address_each():
    client = api_client(mia())
    movie = {"title": "Nosferatu", "genres": ["Horror", "Drama"]}

    def add(_number: int) -> int:
        return client.post("/movies", movie).status_code

    assert Counter(at_once(6, add)) == {201: 6}
    assert Movie.objects.values("slug").distinct().count() == 6
    assert Genre.objects.count() == 2
