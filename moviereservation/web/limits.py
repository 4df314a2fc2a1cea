"""How often somebody may try something, and who that is."""

import hashlib
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moviereservation.web.general import General


class TooManyAttempts(General):
    """`retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429
    words = _("That was too often. Please try again in a while.")
    meaning = "That was too often. Wait for `Retry-After` seconds."
    retry_after: int

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


@dataclass(frozen=True)
class Limit:
    """`times` in every window of `seconds`."""

    name: str
    times: int
    seconds: int

    def spend(self, who: str) -> None:
        """Count one attempt of `who`. Raises TooManyAttempts beyond the limit.

        Counted before the attempt is made and in one atomic step, so that a hundred attempts at
        once are a hundred.
        """
        if not settings.RATE_LIMITS:
            return
        cache, key, now = caches["limits"], self._key(who), time.time()
        cache.add(key, 0, timeout=self.seconds)
        try:
            count = cache.incr(key)
        except ValueError:  # its window ended between the two steps
            return
        if count > self.times:
            raise TooManyAttempts(retry_after=math.ceil(self.seconds - now % self.seconds))

    def forgive(self, who: str) -> None:
        """Forget the attempts of `who`, who turned out to be right."""
        caches["limits"].delete(self._key(who))

    def _key(self, who: str) -> str:
        window = int(time.time() // self.seconds)
        # Hashed: an e-mail address has no business in a cache's key list.
        return f"limit:{self.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def address_of(request: HttpRequest) -> str:
    """The client's address as our own proxies saw it; what the client claims is not believed."""
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        hops = [hop.strip() for hop in forwarded if hop.strip()]
        if len(hops) >= proxies:
            return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
