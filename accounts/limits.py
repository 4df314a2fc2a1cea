"""Limits on abuse: how often one address or one account may try something."""

import hashlib
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from accounts.errors import TooManyAttempts


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


SIGN_UPS = Limit("sign-up", times=100, seconds=600)
LOG_INS_BY_ADDRESS = Limit("log-in-address", times=100, seconds=300)
LOG_INS_BY_EMAIL = Limit("log-in-email", times=10, seconds=300)
PASSWORDS_AGAIN = Limit("password-again", times=10, seconds=300)
# Each is a letter to somebody who perhaps did not ask for it.
RESETS_BY_ADDRESS = Limit("reset-address", times=30, seconds=600)
RESETS_BY_EMAIL = Limit("reset-email", times=3, seconds=900)
EMAIL_CHANGES = Limit("email-change", times=5, seconds=3600)


def address_of(request: HttpRequest) -> str:
    """The client's address as our own proxies saw it; what the client claims is not believed."""
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        hops = [hop.strip() for hop in forwarded if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
