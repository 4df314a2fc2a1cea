"""What search engines and phones ask for."""

import xml.etree.ElementTree as xml
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone
from PIL import Image

from movies.tests.factories import make_movie
from showtimes.models import Showtime, ShowtimeState
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def addresses(client):
    def ask() -> list[str]:
        tree = xml.fromstring(client.get("/sitemap.xml").content)
        return [str(found.text) for found in tree.iter(f"{SITEMAP}loc")]

    return ask


def test_the_site_map_names_what_is_on_and_what_is_coming_and_nothing_else(addresses):
    make_showtime(movie=make_movie("Wings"))
    make_movie("The Kid", release_date=date(2999, 1, 1))
    make_showtime(movie=make_movie("Secret"), auditorium=make_auditorium("Two"),
                  state=ShowtimeState.DRAFT)  # fmt: skip
    over = make_showtime(movie=make_movie("Charade"), auditorium=make_auditorium("Three"))
    Showtime.objects.filter(pk=over.pk).update(starts_at=timezone.now() - timedelta(days=1))
    assert [address.partition("://")[2].partition("/")[2] for address in addresses()] == [
        "", "whats-on/the-kid/", "whats-on/wings/",
    ]  # fmt: skip


def test_its_addresses_are_those_of_the_site_whoever_asks(addresses, settings):
    assert addresses() == [f"{settings.SITE_URL}/"]


def test_robots_are_told_where_it_is_and_where_there_is_nothing_for_them(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /" not in lines


def test_the_manifest_names_the_cinema_and_its_icons(client, settings):
    settings.CINEMA_NAME = "The Roxy"
    answer = client.get("/site.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert told["name"] == "The Roxy"
    for icon in told["icons"]:
        file = Path(project.BASE_DIR, "static", icon["src"].removeprefix("/static/"))
        with Image.open(file) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_every_page_points_to_its_icons(client):
    html = client.get("/").content.decode()
    assert '<link rel="manifest" href="/site.webmanifest">' in html
    assert html.count('<meta name="theme-color"') == 2
