"""The test cards: https://docs.stripe.com/testing. What a card does hangs on its number alone."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an issuer says no: error code, decline code, and the sentence for the buyer."""

    code: str
    decline_code: str
    message: str


DECLINED = Refusal("card_declined", "generic_decline", "Your card was declined.")
NO_FUNDS = Refusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Refusal("card_declined", "lost_card", "Your card was declined.")
STOLEN = Refusal("card_declined", "stolen_card", "Your card was declined.")
TOO_OFTEN = Refusal("card_declined", "card_velocity_exceeded", "Your card was declined.")
EXPIRED = Refusal("expired_card", "expired_card", "Your card has expired.")
WRONG_CVC = Refusal("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
AUTHENTICATION_REQUIRED = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
PROCESSING_ERROR = Refusal(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)


@dataclass(frozen=True, slots=True)
class Card:
    """`authenticates`: 3-D Secure comes first. `slow`: the payment stays `processing` for a while.
    `refund` is `pending` or `fails` where it is not simply `succeeded`."""

    number: str
    names: tuple[str, ...]
    brand: str = "visa"
    refusal: Refusal | None = None
    authenticates: bool = False
    slow: bool = False
    refund: str = "succeeds"
    funding: str = "credit"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """One for each number, so a stored payment method leads back to its test card."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


CARDS = (
    Card("4242424242424242", ("visa",)),
    Card("4000056655665556", ("visa_debit",), funding="debit"),
    Card("5555555555554444", ("mastercard",), "mastercard"),
    Card("5200828282828210", ("mastercard_debit",), "mastercard", funding="debit"),
    Card("378282246310005", ("amex",), "amex"),
    Card("6011111111111117", ("discover",), "discover"),
    Card("3056930009020004", ("diners",), "diners"),
    Card("3566002020360505", ("jcb",), "jcb"),
    Card("6200000000000005", ("unionpay",), "unionpay"),
    Card("4000002500003155", ("authenticationRequiredOnSetup",), authenticates=True),
    Card("4000002760003184", ("authenticationRequired",), authenticates=True),
    Card("4000000000003220", ("threeDSecure2Required", "threeDSecureRequired"),
         authenticates=True),
    Card("4000000000003055", ("threeDSecureOptional",)),
    Card("4000008400001629", ("threeDSecureRequiredChargeDeclined",), authenticates=True,
         refusal=DECLINED),
    Card("4000008260003178", ("authenticationRequiredChargeDeclinedInsufficientFunds",),
         authenticates=True, refusal=NO_FUNDS),
    Card("4000000000000002", ("visa_chargeDeclined", "chargeDeclined"), refusal=DECLINED),
    Card("4000000000009995",
         ("visa_chargeDeclinedInsufficientFunds", "chargeDeclinedInsufficientFunds"),
         refusal=NO_FUNDS),
    Card("4000000000009987", ("visa_chargeDeclinedLostCard", "chargeDeclinedLostCard"),
         refusal=LOST),
    Card("4000000000009979", ("visa_chargeDeclinedStolenCard", "chargeDeclinedStolenCard"),
         refusal=STOLEN),
    Card("4000000000000069", ("chargeDeclinedExpiredCard",), refusal=EXPIRED),
    Card("4000000000000127", ("chargeDeclinedIncorrectCvc",), refusal=WRONG_CVC),
    Card("4000000000000119", ("chargeDeclinedProcessingError",), refusal=PROCESSING_ERROR),
    Card("4000000000006975", ("visa_chargeDeclinedVelocityLimitExceeded",), refusal=TOO_OFTEN),
    Card("4000000000000341", ("chargeCustomerFail",), refusal=DECLINED),
    Card("4000000000007726", ("pendingRefund",), refund="pending"),
    Card("4000000000005126", ("refundFail",), refund="fails"),
    # Ours, not Stripe's: a card whose payment is `processing` before it is decided.
    Card("4000000000001976", ("processing",), slow=True),
    Card("4000000000001984", ("processingDeclined",), slow=True, refusal=DECLINED),
)  # fmt: skip

BY_NUMBER = {card.number: card for card in CARDS}
BY_FINGERPRINT = {card.fingerprint: card for card in CARDS}
BY_NAME = {f"pm_card_{name}": card for card in CARDS for name in card.names}


def passes_luhn(number: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0
