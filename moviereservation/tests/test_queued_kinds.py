"""Messages that 1.0.0 promised may still wait: each is written from what was stored of it."""

import inspect

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
