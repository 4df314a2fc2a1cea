"""The people in our tests: Alice and Bob are guests, Mia manages, Bo sells, Dora minds the door."""

import json
from typing import Any

from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.models import BOX_OFFICE, DOOR, MANAGER, User

PASSWORD = "correct-horse-9"
TEST = Actor.rule("test")


def make_person(name: str = "Alice", *, role: str = "", **fields: Any) -> User:
    """A guest, or staff when a role (a Django group) is given."""
    email = fields.pop("email", f"{name.lower()}@example.org")
    user = User.objects.create_user(
        email, fields.pop("password", PASSWORD), name=name, is_staff=bool(role), **fields
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def alice() -> User:
    return make_person("Alice")


def bob() -> User:
    return make_person("Bob")


def mia() -> User:
    return make_person("Mia", role=MANAGER)


def bo() -> User:
    return make_person("Bo", role=BOX_OFFICE)


def dora() -> User:
    return make_person("Dora", role=DOOR)


def api_client(user: User | None = None) -> APIClient:
    """A client of the API, logged in with a real token as `user`."""
    client = APIClient()
    if user is not None:
        answer = APIClient().post(
            "/auth/login", {"email": user.email, "password": PASSWORD}, format="json"
        )
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}")
    return client


def as_json(body: object) -> dict[str, Any]:
    """For `client.post(path, **as_json(body))`: also what the test client will not write itself."""
    return {"data": json.dumps(body), "content_type": "application/json"}
