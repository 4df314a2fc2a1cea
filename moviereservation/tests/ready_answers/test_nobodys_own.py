"""Nothing of a guest is in what is kept, and whoever may have anything of their own is not kept."""

from itertools import combinations

import pytest
from django.test import Client

from accounts.tests.cast import alice, api_client, bob
from moviereservation.ready_answers.keys import OF_THE_SERVER
from moviereservation.tests.ready_answers.asking import (
    BROWSER,
    Behind,
    addresses,
    ask,
    in_front_of,
)
from reservations.tests.factories import hold_for
from showtimes.tests.factories import make_showtime

pytestmark = pytest.mark.django_db

TOKENS = {"alice": "alicealicealicealicealicealice12", "bob": "bobbobbobbobbobbobbobbobbobbob12"}
# By name: what is the same for everybody who sends it, and what may be somebody's own.
LET_IN = ("csrftoken", "django_language")
OWN = ("sessionid", "messages", "_ga", "")


def cookies_of(guest, name, session):
    value = {
        "csrftoken": TOKENS[guest], "django_language": "de", "sessionid": session,
        "messages": f"{guest}-was-told", "_ga": f"GA1.{guest}", "": f"{guest}-nameless",
    }[name]  # fmt: skip
    return f"{name}={value}" if name else value


def combined(names):
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]


@pytest.mark.parametrize("cookies", combined((*LET_IN, *OWN)), ids="+".join)
def test_no_guest_is_given_anything_of_another_whatever_cookies_they_send(cookies):
    showtime = make_showtime()
    guests = {"alice": alice(), "bob": bob()}
    sessions = {}
    for name, guest in guests.items():
        browser = Client()
        browser.force_login(guest)
        sessions[name] = browser.cookies["sessionid"].value
    ready, _clock = in_front_of(behind := Behind())
    for path in addresses(showtime)[::2]:
        for guest in guests:
            sent = "; ".join(cookies_of(guest, name, sessions[guest]) for name in cookies)
            agent = f"{guest}'s own browser"
            asked = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": guest, "HTTP_X_FORWARDED_FOR": guest}
            ask(ready, path, HTTP_COOKIE=sent, HTTP_REFERER=f"https://{guest}.example/", **asked)
    if set(cookies) & set(OWN):
        assert len(ready.shelf) == 0
        assert {environ["REMOTE_ADDR"] for environ in behind.asked} == set(guests)
        return
    assert len(ready.shelf) == len(behind.asked) == len(addresses(showtime)[::2])
    for answer in (kept for _until, kept in ready.shelf._kept.values()):
        everything = repr(answer.headers) + answer.body.decode(errors="ignore")
        assert "Set-Cookie" not in everything
        for guest in guests:
            assert TOKENS[guest] not in everything
            assert guest not in everything.lower()


def test_django_is_asked_by_nobody():
    showtime = make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    own = {
        "HTTP_COOKIE": f"csrftoken={TOKENS['alice']}", "HTTP_REFERER": "https://alice.example/",
        "HTTP_IF_NONE_MATCH": '"alice"', "HTTP_X_FORWARDED_FOR": "192.0.2.7",
        "HTTP_X_REQUEST_ID": "alice-1", "HTTP_X_FORWARDED_HOST": "alice.example",
        "REMOTE_ADDR": "192.0.2.7", "REMOTE_USER": "alice", "HTTP_RANGE": "bytes=0-1",
    }  # fmt: skip
    for path in addresses(showtime):
        assert ask(ready, path, **own).status == 200
    may_say = {
        *OF_THE_SERVER, "REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST",
        "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "wsgi.url_scheme", "wsgi.input",
    }  # fmt: skip
    for environ in behind.asked:
        assert set(environ) <= may_say
        assert environ["HTTP_ACCEPT_LANGUAGE"] == "en-us"
        assert environ.get("HTTP_ACCEPT_ENCODING", "gzip") == "gzip"
        assert "alice" not in repr(environ).lower()


def test_who_is_logged_in_sees_their_own_page_and_the_next_does_not():
    showtime, guest = make_showtime(), alice()
    browser = Client()
    browser.force_login(guest)
    session = f"sessionid={browser.cookies['sessionid'].value}"
    ready, _clock = in_front_of(Behind())
    for path in ("/", f"/whats-on/{showtime.movie.slug}/"):
        assert "My bookings" in ask(ready, path, HTTP_COOKIE=session).text
        assert "Log in" in ask(ready, path).text
        assert "My bookings" in ask(ready, path, HTTP_COOKIE=session).text
        assert "Log in" in ask(ready, path, HTTP_COOKIE=f"csrftoken={TOKENS['bob']}").text


def test_a_change_is_seen_at_once_with_a_session_or_a_token_and_by_all_within_a_second(
    django_capture_on_commit_callbacks,
):
    showtime, guest = make_showtime(), bob()
    token = api_client(guest)._credentials["HTTP_AUTHORIZATION"]
    ready, clock = in_front_of(Behind())
    path = f"/showtimes/{showtime.pk}"

    def left(**asked):
        return ask(ready, path, **asked).body.partition(b'seatsAvailable":')[2][:2]

    before = left()
    assert left(HTTP_AUTHORIZATION=token) == left(HTTP_COOKIE="sessionid=x") == before
    with django_capture_on_commit_callbacks(execute=True):
        hold_for(alice(), showtime, "A1")
    after = str(int(before) - 1).encode()
    assert left(HTTP_AUTHORIZATION=token) == left(HTTP_COOKIE="sessionid=x") == after
    assert left() == before
    clock.now += 0.999
    assert left() == before
    clock.now += 0.001
    assert left() == after


@pytest.mark.parametrize(
    "cookies", ["\xa0django_language=de", "django_language\x85=de", "django_language=de; \xe9=1"]
)
def test_a_cookie_that_django_reads_otherwise_poisons_no_language(cookies):
    make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    ask(ready, "/", HTTP_COOKIE=cookies)
    assert behind.asked[-1]["HTTP_COOKIE"] == cookies
    assert len(ready.shelf) == 0
    assert '<html lang="de">' in ask(ready, "/", HTTP_COOKIE="django_language=de").text


@pytest.mark.parametrize("language", ["de", "en-us"])
@pytest.mark.parametrize(
    ("chosen", "accepted"),
    [("", "{}"), ("", "fr, {};q=0.5"), ("{}", "en"), ("{}", "de-AT"), ("", "{}-XX,xx")],
)
def test_every_way_to_a_language_leads_to_one_answer(chosen, accepted, language):
    make_showtime()
    ready, _clock = in_front_of(behind := Behind())
    first = ask(ready, "/", HTTP_ACCEPT_LANGUAGE=language)
    cookie = f"django_language={chosen}".format(language) if chosen else ""
    again = ask(ready, "/", HTTP_COOKIE=cookie, HTTP_ACCEPT_LANGUAGE=accepted.format(language))
    assert again == first
    assert f'<html lang="{language}">' in again.text
    assert len(behind.asked) == 1


def test_a_browser_that_says_much_is_not_read_to_its_end():
    make_showtime()
    ready, _clock = in_front_of(Behind())
    for name in ("HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_HOST"):
        ask(ready, "/", **{name: BROWSER.get(name, "csrftoken=") + "x" * 5000})
    assert len(ready.shelf) == 0
