"""Every page is in one language: the one chosen, or the one that the browser asks for."""

import pytest

from accounts.tests.cast import alice
from accounts.tests.mailbox import delivered
from showtimes.tests.factories import make_showtime

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}


def choose(client, language, back="/find/"):
    return client.post("/language/", {"language": language, "next": back})


@pytest.mark.django_db
def test_the_browser_says_which_language(client):
    page = client.get("/", headers=GERMAN)
    assert '<html lang="de">' in page.text
    assert "Zum Inhalt springen" in page.text
    assert page["Content-Language"] == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "fr", "xx-klingon", "*"])
def test_for_whom_we_have_no_language_the_house_has_one(client, asked):
    assert '<html lang="en-us">' in client.get("/", headers={"Accept-Language": asked}).text


@pytest.mark.django_db
def test_what_is_chosen_counts_for_more_than_the_browser(client):
    answer = choose(client, "de")
    assert (answer.status_code, answer["Location"]) == (302, "/find/")
    cookie = answer.cookies["django_language"]
    assert (cookie["max-age"], cookie["samesite"]) == (365 * 24 * 3600, "Lax")
    assert '<html lang="de">' in client.get("/", headers={"Accept-Language": "en"}).text
    choose(client, "en-us")
    assert '<html lang="en-us">' in client.get("/", headers=GERMAN).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_led_elsewhere(client, elsewhere):
    assert choose(client, "de", back=elsewhere)["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "xx", "de" * 300, "\x00"])
def test_a_language_that_there_is_not_changes_nothing(client, language):
    choose(client, language)
    assert '<html lang="en-us">' in client.get("/").text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/find/", "/account/log-in/", "/nothing/", "/api/docs/"])
def test_every_page_offers_the_other_language_and_leads_back(client, path):
    page = client.get(f"{path}?from=here").text
    assert '<span lang="en-us" aria-current="true">English</span>' in page
    assert 'name="language" value="de" lang="de">Deutsch</button>' in page
    assert f'name="next" value="{path}?from=here"' in page


@pytest.mark.django_db
def test_the_back_office_too(client):
    assert 'value="de" lang="de">Deutsch</button>' in client.get("/admin/login/").text


@pytest.mark.django_db
def test_a_seat_page_that_is_kept_is_kept_in_each_language(client):
    path = f"/book/{make_showtime().pk}/"
    for language, words, price in (
        ("en-us", "Row A, seat 1", "$12.00"),
        ("de", "Reihe A, Platz 1", "12,00 $"),
        ("en-us", "Row A, seat 1", "$12.00"),
    ):
        choose(client, language)
        page = client.get(path).text
        assert words in page
        assert price in page.replace("\xa0", " ")
        assert f'name="next" value="{path}"' in page


@pytest.mark.django_db
def test_lists_of_movies_are_cached_in_no_language(client):
    make_showtime(has_captions=True)
    for language, filters, price in (
        ("en-us", "Access", "from $12.00"),
        ("de", "Barrierefrei", "ab 12,00 $"),
        ("en-us", "Access", "from $12.00"),
    ):
        choose(client, language)
        page = client.get("/").text.replace("\xa0", " ")
        assert filters in page
        assert price in page


@pytest.mark.django_db
def test_a_page_seen_in_one_language_is_not_unchanged_in_another(client):
    seen = client.get("/", headers={"Accept-Language": "en"})
    again = {"If-None-Match": seen["ETag"], "Accept-Language": "en"}
    assert client.get("/", headers=again).status_code == 304
    assert client.get("/", headers=again | GERMAN).status_code == 200
    assert "Accept-Language" in seen["Vary"]


@pytest.mark.django_db
def test_refusals_of_the_api_follow_the_language(client):
    english, german = (
        client.get("/movies/999", headers={"Accept-Language": language}).json()
        for language in ("en", "de")
    )
    assert (english["code"], german["code"]) == ("not_found", "not_found")
    assert (english["detail"], german["detail"]) == ("There is nothing here.", "Hier ist nichts.")


@pytest.mark.django_db
def test_an_email_is_written_in_the_language_of_who_asked_for_it(client):
    client.post("/account/reset/", {"email": alice().email}, headers=GERMAN)
    email = delivered()[-1]
    assert email.subject == "Neues Passwort wählen"
    assert "Guten Tag Alice" in email.body
