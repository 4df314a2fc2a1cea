"""The worker: sends what is due, the oldest first, until it is told to stop. Several may run.

It asks the table again and again instead of being told: then a promise costs its transaction
nothing but the row, and a message whose worker died is found like any other, after its lease.
"""

import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections
from django.template.loader import get_template
from django.utils import translation

from accounts.models import OutgoingMessage
from accounts.outbox.renderer import WARM_UPS
from accounts.outbox.sending import SENDERS, attempt

logger = logging.getLogger(__name__)

AT_ONCE = 50


class Worker:
    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.stopping = self.at_work = self.database_is_away = False

    def stop(self, *_signal: Any) -> None:
        """End after the message in hand; at once if there is none, or when told a second time."""
        if self.stopping or not self.at_work:
            sys.exit(0)
        self.stopping = True

    def run(self, *, every: float) -> None:
        """Look for work every so many seconds, and without a pause while there is some."""
        while not self.stopping:
            if not self.look() and not self.stopping:
                time.sleep(every)

    def look(self) -> int:
        """`send_due`, also while the database is away: then 0, and it is said once."""
        close_old_connections()
        try:
            attempted = self.send_due()
        except Error as error:
            self.at_work = False
            if not self.database_is_away:
                logger.warning("The database did not answer (%s); messages wait for it", error)
            self.database_is_away = True
            return 0
        self.database_is_away = False
        return attempted

    def send_due(self) -> int:
        """Attempt what is due now, up to `AT_ONCE` messages; count those that nobody else took."""
        due = OutgoingMessage.objects.due(now=self.clock()).filter(channel__in=SENDERS)
        keys = list(due.order_by("due_at").values_list("key", flat=True)[:AT_ONCE])
        attempted = 0
        for key in keys:
            self.at_work = True
            attempted += attempt(key, now=self.clock())
            self.at_work = False
            if self.stopping:
                break
        return attempted


def warm_up() -> None:
    """Read what the first message would otherwise wait for."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_template("emails/base.html")
    for warm in WARM_UPS:
        warm()
