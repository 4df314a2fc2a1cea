"""Messages that 1.0.0 promised may still wait: each is written from what was stored of it."""

import inspect
import subprocess
import sys

from accounts.outbox.renderer import WRITERS

OF_1_0_0 = {
    "password_reset": {"user_id"},
    "password_changed": {"user_id"},
    "email_change": {"change_id"},
    "email_change_asked": {"change_id"},
    "email_changed": {"change_id"},
    "cancel_link": {"reservation_id"},
    "tickets": {"reservation_id"},
    "cancelled": {"reservation_id", "refund_id", "by"},
    "seats_returned": {"reservation_id", "refund_id", "seats"},
    "not_booked": {"reservation_id"},
}


def test_every_kind_of_1_0_0_has_a_writer_that_takes_what_was_stored():
    for kind, stored in OF_1_0_0.items():
        inspect.signature(WRITERS[kind]).bind(**dict.fromkeys(stored))


def test_a_worker_knows_every_kind_as_soon_as_the_apps_are_ready():
    """It loads no address, and so none of what only pages import."""
    code = (
        "import django; django.setup();"
        "from accounts.outbox.renderer import WRITERS; print(*sorted(WRITERS))"
    )
    worker = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert worker.stdout.split() == sorted(OF_1_0_0)
