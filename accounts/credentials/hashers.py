"""Password hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum: 19 MiB, two passes, one lane.

    Django's own default takes 100 MiB a log-in: a few people who log in at once would cost more
    memory than the whole product.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
