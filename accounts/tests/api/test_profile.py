"""`/auth/me`: one's own profile, and leaving without a trace of the person."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.cast import PASSWORD, alice, api_client, as_json, bob

pytestmark = pytest.mark.django_db


def test_a_profile_shows_the_person_and_nothing_secret():
    user = alice()
    answer = api_client(user).get("/auth/me")
    assert answer.json() == {
        "id": user.pk, "name": "Alice", "email": "alice@example.org", "role": "user",
    }  # fmt: skip


def test_a_person_may_change_their_name():
    user, other = alice(), bob()
    answer = api_client(user).patch("/auth/me", {"name": " Alice Liddell "})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Alice Liddell"
    other.refresh_from_db()
    assert other.name == "Bob"


def test_nobody_promotes_themselves():
    user = alice()
    wish = {"role": "admin", "is_staff": True, "isStaff": True, "is_superuser": True,
            "email": "mia@example.org", "id": 1, "password": "x"}  # fmt: skip
    answer = api_client(user).patch("/auth/me", wish)
    assert answer.status_code == 200
    assert answer.json()["role"] == "user"
    before, after = User.objects.filter(pk=user.pk).values().get(), vars(user)
    assert before == {name: after[name] for name in before}


@pytest.mark.parametrize(
    "name", ["", "  ", None, 7, True, [], {"a": 1}, "x" * 151, "\x00", "\ud800"]
)
def test_a_name_that_is_none_changes_nothing(name):
    user = alice()
    answer = api_client(user).patch("/auth/me", **as_json({"name": name}))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["name"]
    user.refresh_from_db()
    assert user.name == "Alice"


def test_changing_nothing_is_no_error():
    assert api_client(alice()).patch("/auth/me", {}).json()["name"] == "Alice"


def test_leaving_erases_the_person_and_ends_every_log_in():
    user = alice()
    client, other_device, browser = api_client(user), api_client(user), Client()
    browser.force_login(user)
    assert client.delete("/auth/me").status_code == 204
    assert client.get("/auth/me").status_code == other_device.get("/auth/me").status_code == 401
    erased = User.objects.get(pk=user.pk)
    assert (erased.name, erased.is_active, erased.has_usable_password()) == ("", False, False)
    assert "alice" not in erased.email
    login = {"email": "alice@example.org", "password": PASSWORD}
    assert api_client().post("/auth/login", login).status_code == 401


def test_an_erased_email_may_join_again_as_somebody_new():
    user = alice()
    api_client(user).delete("/auth/me")
    person = {"name": "Alice", "email": "alice@example.org", "password": PASSWORD}
    answer = api_client().post("/auth/signup", person)
    assert answer.status_code == 201
    assert answer.json()["user"]["id"] != user.pk


def test_nobody_but_oneself_has_a_profile_to_see_or_erase():
    for method in ("get", "patch", "delete"):
        assert getattr(api_client(), method)("/auth/me").status_code == 401
    alice()
    assert User.objects.filter(is_active=True).count() == 1
