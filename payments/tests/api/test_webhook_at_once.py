"""The same message many times in the same moment is one message."""

import json
from collections import Counter
from typing import Any

import pytest

from accounts.tests.crowd import at_once
from payments.models import WebhookEvent
from payments.tests.api.test_webhook import an_event, report


@pytest.mark.django_db(transaction=True)
def test_twenty_deliveries_at_once_are_stored_once_and_all_are_thanked():
    body = json.dumps(an_event()).encode()

    def deliver(_number: int) -> Any:
        return report(body).status_code

    assert Counter(at_once(20, deliver)) == {200: 20}
    assert WebhookEvent.objects.count() == 1
