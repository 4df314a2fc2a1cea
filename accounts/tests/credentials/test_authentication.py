"""A request is authenticated in one statement, and what was believed is not believed blindly."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.credentials import claims, statements, tokens
from accounts.credentials.authentication import BearerAuthentication
from accounts.credentials.claims import claims_of
from accounts.credentials.statements import person_from, person_statement
from accounts.errors import DeadToken
from accounts.models import ApiSession, User
from accounts.needs import Needs
from accounts.tests.cast import alice, bob, make_person, mia

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_fresh_process():
    claims._signed.cache_clear()
    statements._auth_hash.cache_clear()


def log_in(user: User) -> str:
    return tokens.issue(user, now=timezone.now()).token


def authenticated(token: str) -> User:
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})
    result = BearerAuthentication().authenticate(Request(request))
    assert result is not None
    return result[0]


def is_let_in(token: str) -> bool:
    try:
        authenticated(token)
    except AuthenticationFailed:
        return False
    return True


def test_one_statement_reads_the_log_in_and_the_person(django_assert_num_queries):
    token = log_in(make_person("Alice", saved_needs=str(Needs(more_time=True))))
    for _ in range(2):
        with django_assert_num_queries(1):
            person = authenticated(token)
            assert (person.name, person.is_staff, person.is_anonymous) == ("Alice", False, False)
            assert person.needs.more_time


def test_a_person_is_who_the_orm_would_have_read():
    for made in (alice(), mia(), make_person("Root", is_superuser=True)):
        person, told = authenticated(log_in(made)), User.objects.get(pk=made.pk)
        assert person == told
        for name, value in vars(person).items():
            if name != "_state":
                assert (name, type(value), value) == (
                    name,
                    type(vars(told)[name]),
                    vars(told)[name],
                )
        assert (person._state.db, person._state.adding) == (told._state.db, False)
        assert person.created_at == told.created_at, "what was not read is read when it is wanted"
        assert person.last_login is None
        assert person.get_all_permissions() == told.get_all_permissions()
        assert person.role == told.role
        assert list(person.groups.all()) == list(told.groups.all())


def test_a_person_can_be_changed_and_saved():
    made = alice()
    person = authenticated(log_in(made))
    person.name = "Alice B."
    person.save(update_fields=["name"])
    person.set_password("another-horse-10")
    person.save()
    told = User.objects.get(pk=made.pk)
    assert (told.name, told.created_at) == ("Alice B.", made.created_at)
    assert told.check_password("another-horse-10")


def blocked(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def another_password(user: User) -> None:
    user.set_password("another-horse-10")
    user.save()


def logged_out(user: User) -> None:
    tokens.revoke(user.api_sessions.get().pk, now=timezone.now())


def over(user: User) -> None:
    user.api_sessions.update(expires_at=timezone.now())


def gone(user: User) -> None:
    user.delete()


@pytest.mark.parametrize("what", [blocked, another_password, logged_out, over, gone])
def test_a_token_that_is_known_well_ends_at_once_with_its_log_in(what):
    user, other = alice(), log_in(bob())
    token = log_in(user)
    assert all(is_let_in(known) for known in (token, token, other))
    what(user)
    assert not is_let_in(token)
    assert is_let_in(other)


def test_what_becomes_of_a_person_is_seen_by_the_next_request():
    user = mia()
    token = log_in(user)
    assert authenticated(token).role == "admin"
    user.groups.clear()
    User.objects.filter(pk=user.pk).update(is_staff=False, name="Maria")
    person = authenticated(token)
    assert (person.role, person.is_staff, person.name) == ("user", False, "Maria")


def test_a_signature_is_checked_once_and_the_time_always():
    token = log_in(alice())
    for _ in range(3):
        assert is_let_in(token)
    assert claims._signed.cache_info().misses == 1
    exact = claims_of(token.encode(), now=timezone.now()).expires_at
    leeway = timedelta(seconds=30)
    with time_machine.travel(exact, tick=False):
        assert is_let_in(token)
        end = timezone.now() + leeway
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert is_let_in(token)
    with time_machine.travel(end, tick=False):
        assert not is_let_in(token)


def test_what_was_refused_once_is_not_remembered_and_drives_nothing_out():
    user = alice()
    token = log_in(user)
    assert is_let_in(token)
    head, body, signature = token.split(".")
    swapped = "A" if signature[5] != "A" else "B"
    forged = f"{head}.{body}.{signature[:5]}{swapped}{signature[6:]}"
    refresh = tokens.issue(user, now=timezone.now()).refresh_token
    for bad in (forged, refresh, "x.y.z", *(f"{token}{n}" for n in range(20))):
        assert not is_let_in(bad)
        assert not is_let_in(bad)
    assert claims._signed.cache_info().currsize == 1


def test_no_more_is_remembered_than_fits():
    assert claims._signed.cache_info().maxsize == claims.KNOWN_TOKENS
    assert statements._auth_hash.cache_info().maxsize


def test_a_password_is_hashed_for_a_log_in_once_in_a_process():
    user = alice()
    for token in (log_in(user), log_in(user)):
        assert is_let_in(token)
    assert statements._auth_hash.cache_info().misses == 1


def test_the_statement_can_be_sent_by_whoever_asks_more_at_once():
    user = alice()
    token, now = log_in(user), timezone.now()
    statement, parameters = person_statement(claims_of(token.encode(), now=now), now)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    with CaptureQueriesContext(connection) as asked:
        assert person_from(row).email == user.email
    assert len(asked) == 0
    with pytest.raises(DeadToken):
        person_from(None)
    with pytest.raises(DeadToken):
        person_from(("another hash", *row[1:]))


def test_the_statement_takes_a_log_in_only_for_its_own_person():
    first, second = alice(), bob()
    tokens_of = {user.pk: log_in(user) for user in (first, second)}
    assert {authenticated(token).pk for token in tokens_of.values()} == set(tokens_of)
    ApiSession.objects.all().delete()
    assert not any(map(is_let_in, tokens_of.values()))
