"""What a fault rule does to a call, before and after the call does its work."""

from .calls import Call
from .errors import StripeError
from .faults import Rule
from .standin import StandIn

HANG = 60.0
SLOW = 2.0


class ConnectionCut(Exception):
    """There is to be no answer: the connection just ends."""


def before(rule: Rule | None, call: Call) -> None:
    """Nothing has happened yet, and with `error`, `hang` and `cut` nothing will."""
    if rule is None or rule.after:
        return
    if rule.do == "slow":
        rule.cleared.wait(rule.seconds or SLOW)
    elif rule.do == "error":
        raise error(rule)
    elif rule.do in ("hang", "cut"):
        part(rule)
    elif rule.do.startswith("refund_"):
        call.twist = rule.do


def after(rule: Rule | None) -> None:
    """All is done and committed; the caller may never learn it."""
    if rule and rule.after:
        if rule.do == "slow":
            rule.cleared.wait(rule.seconds or SLOW)
        elif rule.do in ("hang", "cut"):
            part(rule)


def part(rule: Rule) -> None:
    if rule.do == "hang":
        rule.cleared.wait(rule.seconds or HANG)
    raise ConnectionCut


def error(rule: Rule) -> StripeError:
    """An answer of the kind that has nothing to do with what was asked."""
    status = rule.status or 500
    if status == 429:
        message = rule.message or "Too many requests hit the API too quickly."
        return StripeError(429, message, code=rule.code or "rate_limit", remember=False)
    message = rule.message or "An unknown error occurred."
    return StripeError(status, message, code=rule.code, kind="api_error", remember=False)


def refusal(standin: StandIn, rule: Rule, call: Call) -> StripeError:
    """A no from Stripe itself, with the code that fits the endpoint unless the rule names one."""
    if call.path.endswith("/capture"):
        usual = (400, "charge_expired_for_capture", "The authorization has expired.")
    elif call.path.startswith("/v1/refunds"):
        usual = (400, "balance_insufficient", "Insufficient funds in your account to refund.")
    else:
        usual = (402, "card_declined", "Your card was declined.")
    status = rule.status or usual[0]
    return StripeError(
        status,
        rule.message or usual[2],
        code=rule.code or usual[1],
        kind="card_error" if status == 402 else "invalid_request_error",
        payment_intent=standin.ledger.find("payment_intent", call.id),
    )
