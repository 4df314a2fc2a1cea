"""Finding a movie in Chromium: filters without scripts, data no policy minds, helpful errors."""

import gzip
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, expect

from accounts.tests.cast import alice
from movies.models import Movie
from movies.tests.factories import make_movie
from reservations.tests.looking import NARROW, WIDE, assert_axe_is_content, assert_fits
from reservations.tests.steps import GOOD, hold_and_log_in, pay
from showtimes.models import Showtime
from showtimes.tests.factories import make_auditorium, make_showtime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ERRORS = "moviereservation.tests.web.test_pages_errors"  # its addresses fail on purpose
PAGE_WEIGHT = 100_000


def wings_is_over() -> Movie:
    over = make_showtime(movie=make_movie("Wings"), auditorium=make_auditorium("Two"))
    past = timezone.now() - timedelta(days=1)
    Showtime.objects.filter(pk=over.pk).update(starts_at=past)
    return over.movie


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_one_looks_for_a_movie(
    browser: Browser, house: str, settings: Any, viewport: Any, scheme: Any
) -> None:
    settings.ROOT_URLCONF = ERRORS
    movie = make_movie("Nosferatu", genres=["Horror"], rating="PG", rating_reason="Teeth",
                       trailer_url="https://trailers.example/nosferatu")  # fmt: skip
    make_showtime(movie=movie, has_captions=True, format="35 mm")
    make_movie("The Kid")
    gone = wings_is_over()
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    page.goto(house)
    page.locator("summary", has_text="Genre").click()
    expect(page.get_by_role("link", name="Horror (one movie)")).to_be_visible()
    assert_axe_is_content(page)
    assert_fits(page)
    for path in ("/?genre=Horror&access=captions", "/?genre=Horror&search=zzz",
                 "/?day=2040-01-01", movie.get_absolute_url(), gone.get_absolute_url(),
                 "/nothing/", "/bug/", "/away/", "/often/"):  # fmt: skip
        page.goto(f"{house}{path}")
        assert_axe_is_content(page)
        assert_fits(page)
    page.close()


def test_filters_are_set_and_taken_back_without_scripts(browser: Browser, house: str) -> None:
    make_showtime(movie=make_movie("Nosferatu", genres=["Horror"]), has_captions=True)
    make_showtime(movie=make_movie("The Kid"), auditorium=make_auditorium("Two"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(house)
    for door, choice in (("Genre", "Horror"), ("Access", "Captions")):
        page.locator("summary", has_text=door).click()
        page.get_by_role("link", name=f"{choice} (one movie)").click()
    expect(page.get_by_text("One movie matches.")).to_be_visible()
    expect(page.get_by_role("heading", name="The Kid")).to_be_hidden()
    page.get_by_role("link", name="Remove this filter: Horror").click()
    page.get_by_role("link", name="Remove this filter: Captions").click()
    expect(page.get_by_role("heading", name="The Kid")).to_be_visible()
    expect(page.get_by_role("heading", name="Nosferatu")).to_be_visible()
    context.close()


def test_only_one_filter_is_open_and_the_poster_leads_to_its_movie(page: Page, house: str) -> None:
    make_showtime(movie=make_movie("Nosferatu", genres=["Horror"]), has_captions=True)
    page.goto(house)
    page.locator("summary", has_text="Genre").click()
    page.locator("summary", has_text="Access").click()
    expect(page.get_by_role("link", name="Captions (one movie)")).to_be_visible()
    expect(page.get_by_role("link", name="Horror (one movie)")).to_be_hidden()
    box = page.locator(".feature .poster").bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    page.wait_for_url("**/whats-on/nosferatu/")


def test_the_data_for_search_engines_is_no_script_to_the_policy(
    page: Page, house: str, complaints: list[str]
) -> None:
    evil = "</script><script>document.title = 'taken over'</script>"
    movie = make_showtime(movie=make_movie(evil)).movie
    answer = page.goto(f"{house}{movie.get_absolute_url()}")
    assert "script-src 'self'" in answer.headers["content-security-policy"]  # no 'unsafe-inline'
    data = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert [one["@type"] for one in data["@graph"]] == ["Movie", "ScreeningEvent"]
    assert data["@graph"][0]["name"] == evil
    assert "taken over" not in page.title().partition(":")[2]


def test_a_guests_whole_way_asks_no_host_but_ours_and_stripe_where_one_pays(
    page: Page, house: str, stripe_standin: Any
) -> None:
    guest, showtime = alice(), make_showtime()
    asked: list[tuple[str, str]] = []  # (page, host)
    page.on("request", lambda sent: asked.append((urlsplit(page.url).path, host(sent.url))))
    for path in ("/", showtime.movie.get_absolute_url(), "/nothing/"):
        page.goto(f"{house}{path}")
        page.wait_for_load_state("networkidle")
    hold_and_log_in(page, house, showtime, guest, "A1")
    pay(page, GOOD)
    page.wait_for_url("**/bookings/*/")
    page.wait_for_load_state("networkidle")
    assert {asked_host for _path, asked_host in asked} == {host(house), host(stripe_standin.url)}
    elsewhere = {path for path, asked_host in asked if asked_host != host(house)}
    assert all(path.startswith("/checkout/") for path in elsewhere)


def host(url: str) -> str:
    return urlsplit(url).netloc


def test_three_hundred_seats_weigh_less_than_a_hundred_kilobytes(page: Page, house: str) -> None:
    """With its styles, scripts, fonts and pictures, each compressed as a server would do it."""
    rows = [f"{letter}  {'s' * 20}" for letter in "ABCDEFGHJKLMNPQ"]
    showtime = make_showtime(auditorium=make_auditorium("Grand", plan="\n".join(rows)))
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{house}/book/{showtime.pk}/")
    expect(page.locator("input[name=seats]")).to_have_count(300)
    page.wait_for_load_state("networkidle")
    weights = {answer.url: weight(answer) for answer in answers}
    assert len(weights) > 10
    assert sum(weights.values()) < PAGE_WEIGHT, weights


def weight(answer: Response) -> int:
    body = answer.body()
    packed = answer.url.endswith((".woff2", ".png"))
    return len(body) if packed else len(gzip.compress(body))
