"""Limits on abuse: how often one address or one account may try something."""

from moviereservation.web.limits import Limit

SIGN_UPS = Limit("sign-up", times=100, seconds=600)
LOG_INS_BY_ADDRESS = Limit("log-in-address", times=100, seconds=300)
LOG_INS_BY_EMAIL = Limit("log-in-email", times=10, seconds=300)
PASSWORDS_AGAIN = Limit("password-again", times=10, seconds=300)
# Each is an e-mail to somebody who perhaps did not ask for it.
RESETS_BY_ADDRESS = Limit("reset-address", times=30, seconds=600)
RESETS_BY_EMAIL = Limit("reset-email", times=3, seconds=900)
EMAIL_CHANGES = Limit("email-change", times=5, seconds=3600)
