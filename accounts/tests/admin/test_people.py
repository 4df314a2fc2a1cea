"""People in the back office: managers look, owners decide, and nobody guesses a password."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import BOX_OFFICE, MANAGER, User
from accounts.tests.cast import PASSWORD, alice, bo, dora, make_person, mia

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"


def olga() -> User:
    """The owner."""
    return User.objects.create_superuser("olga@example.org", PASSWORD, name="Olga")


def log_in(client, email: str, password: str = PASSWORD):
    return client.post(
        "/admin/login/?next=/admin/", {"username": email, "password": password, "next": "/admin/"}
    )


def changes(person: User, **fields) -> dict:
    return {"email": person.email, "name": person.name, "is_active": "on"} | fields


def test_staff_log_in_in_any_spelling_of_their_e_mail(client):
    mia()
    answer = log_in(client, "Mia@Example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_a_guest_is_not_let_in(client):
    alice()
    answer = log_in(client, "alice@example.org")
    assert answer.status_code == 200
    assert "staff account" in answer.content.decode()
    assert client.get("/admin/").status_code == 302


def test_guessing_ends_after_ten_attempts_even_with_the_right_password(client):
    mia()
    for _n in range(10):
        assert "correct e-mail" in log_in(client, "mia@example.org", "wrong").content.decode()
    answer = log_in(client, "mia@example.org")
    assert answer.status_code == 200
    assert "too often" in answer.content.decode()


def test_a_manager_sees_people_and_changes_nobody(client):
    person = alice()
    client.force_login(mia())
    assert client.get(PEOPLE).status_code == 200
    page = client.get(f"{PEOPLE}{person.pk}/change/").content.decode()
    assert "alice@example.org" in page
    assert "_save" not in page
    answer = client.post(f"{PEOPLE}{person.pk}/change/", changes(person, name="Eve"))
    assert answer.status_code == 403
    assert client.get(f"{PEOPLE}add/").status_code == 403
    assert client.get(f"{PEOPLE}{person.pk}/password/").status_code == 403


def test_a_manager_is_told_nothing_of_a_password(client):
    person = alice()
    client.force_login(mia())
    page = client.get(f"{PEOPLE}{person.pk}/change/").content.decode()
    assert "algorithm" not in page
    assert person.password.split("$")[-1] not in page


def test_a_permission_alone_makes_nobody_an_owner(client):
    """`change_user` on a group must not be enough to give oneself everything."""
    manager = mia()
    codenames = ("change_user", "add_user", "delete_user")
    manager.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(manager)
    answer = client.post(
        f"{PEOPLE}{manager.pk}/change/", changes(manager, is_superuser="on", is_staff="on")
    )
    assert answer.status_code == 403
    manager.refresh_from_db()
    assert not manager.is_superuser


@pytest.mark.parametrize("who", [bo, dora])
def test_box_office_and_door_see_no_people(client, who):
    client.force_login(who())
    assert client.get(PEOPLE).status_code == 403


def test_an_owner_hires_somebody(client):
    client.force_login(olga())
    answer = client.post(
        f"{PEOPLE}add/",
        {"email": "Ben@Example.org", "name": "Ben", "usable_password": "true",
         "password1": PASSWORD, "password2": PASSWORD},
    )  # fmt: skip
    ben = User.objects.get(email="ben@example.org")
    assert answer["Location"].endswith(f"{ben.pk}/change/")
    group = Group.objects.get(name=BOX_OFFICE)
    client.post(f"{PEOPLE}{ben.pk}/change/", changes(ben, is_staff="on", groups=[group.pk]))
    ben.refresh_from_db()
    assert (ben.is_staff, ben.groups.get()) == (True, group)
    assert ben.check_password(PASSWORD)


def test_an_e_mail_that_is_taken_in_another_spelling_is_refused_next_to_the_field(client):
    alice()
    client.force_login(olga())
    answer = client.post(
        f"{PEOPLE}add/",
        {"email": "ALICE@example.org", "name": "Second", "usable_password": "true",
         "password1": PASSWORD, "password2": PASSWORD},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["email"]


def test_nobody_is_deleted(client):
    person = alice()
    client.force_login(olga())
    assert client.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_the_list_says_who_works_as_what(client):
    mia()
    client.force_login(olga())
    page = client.get(PEOPLE, {"q": "mia"}).content.decode()
    assert MANAGER in page


def test_the_list_costs_the_same_for_many(client, django_assert_max_num_queries):
    for number in range(15):
        make_person(f"Staff{number}", role=BOX_OFFICE)
    client.force_login(olga())
    with django_assert_max_num_queries(7):
        client.get(PEOPLE)
