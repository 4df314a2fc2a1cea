"""Fifty people (or one impatient one) sign up with one e-mail in the same moment."""

from collections import Counter

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.cast import PASSWORD
from accounts.tests.crowd import at_once


@pytest.mark.django_db(transaction=True)
def test_of_fifty_sign_ups_with_one_email_at_once_one_wins():
    spellings = ("alice@example.org", "ALICE@example.org", " Alice@Example.ORG ")

    def sign_up(number: int) -> int:
        person = {"name": "Alice", "email": spellings[number % 3], "password": PASSWORD}
        return APIClient().post("/auth/signup", person).status_code

    assert Counter(at_once(50, sign_up)) == {201: 1, 409: 49}
    assert User.objects.get().email == "alice@example.org"
