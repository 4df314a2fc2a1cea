"""What a browser is served: the script, the card form, the bank's challenge, a page on itself."""

import mimetypes
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from . import confirming, forms
from .access import same
from .calls import Answer
from .cards import CARDS, Card
from .errors import StripeError
from .fields import Fields
from .money import shown
from .standin import StandIn

FILES = Path(__file__).parent / "browser"
SCRIPT = ("wire", "frame", "elements", "challenge", "stripe")
# The card form is dressed through the object model, which this allows. The challenge is a form
# whose answer may lead back to the shop, wherever that is.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action http: https:"
)
HEADERS = [
    ("Cache-Control", "no-cache"),
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
]


def answer(standin: StandIn, environ: dict[str, Any]) -> Answer:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    parts = path.strip("/").split("/")
    if method in ("GET", "HEAD") and path in SERVED:
        return SERVED[path]
    if parts[0] == "challenge" and len(parts) == 2 and method in ("GET", "POST"):
        return challenge(standin, environ, parts[1])
    return Answer(404, b"Not found.\n", [("Content-Type", "text/plain")])


def challenge(standin: StandIn, environ: dict[str, Any], intent_id: str) -> Answer:
    """The bank's question, and with POST the buyer's answer to it."""
    posted = environ["REQUEST_METHOD"] == "POST"
    text = environ["wsgi.input"].read().decode() if posted else environ["QUERY_STRING"]
    with standin.ledger.change():
        try:
            fields = Fields(forms.parse(text))
            intent = standin.ledger.get("payment_intent", intent_id)
            if not same(fields.text("client_secret") or "", intent["client_secret"]):
                raise StripeError(403, "This is not your payment.")
            back = way_back(intent)
            if posted and intent["status"] == "requires_action":
                passed = fields.text("outcome") == "pass"
                confirming.authenticate(standin, intent, passed)
                if back:
                    return Answer(303, b"", [("Location", confirming.return_url(back, intent))])
        except StripeError as error:
            return Answer(error.status, f"{error}\n".encode(), [("Content-Type", "text/plain")])
        return question(intent)


def way_back(intent: dict[str, Any]) -> str | None:
    """Where to go after the challenge, when it is not shown in a dialog over the shop's page."""
    action = intent["next_action"] or {}
    url: str | None = action.get("redirect_to_url", {}).get("return_url")
    return url


def question(intent: dict[str, Any]) -> Answer:
    asked = intent["status"] == "requires_action"
    amount = shown(intent["amount"], intent["currency"])
    words = {
        "state": "asked" if asked else "answered",
        "heading": "Is it you who is paying?" if asked else "Thank you",
        "text": f"Your bank wants to be sure that you are paying {amount} yourself."
        if asked
        else "You can go back to the shop.",
        "intent": intent["id"],
        "secret": intent["client_secret"],
    }
    page = Template((FILES / "challenge" / "index.html").read_text())
    filled = {name: escape(word) for name, word in words.items()}
    html = page.substitute(filled, hidden="" if asked else "hidden")
    return Answer(200, html.encode(), [("Content-Type", "text/html; charset=utf-8"), *HEADERS])


def served() -> dict[str, Answer]:
    """All that does not change, by its path."""
    script = "\n".join((FILES / "host" / f"{name}.js").read_text() for name in SCRIPT)
    about = Template((FILES / "about.html").read_text())
    pages = {
        "/stripe.js": f'(() => {{\n"use strict";\n{script}\n}})();\n',
        "/card": (FILES / "card" / "index.html").read_text(),
        "/": about.substitute(rows="".join(row(card) for card in CARDS)),
        "/about.css": (FILES / "about.css").read_text(),
    }
    for name in (
        "card/card.css",
        "card/hint.css",
        "card/card.js",
        "card/field.js",
        "card/numbers.js",
    ):
        pages[f"/{name}"] = (FILES / name).read_text()
    for name in ("challenge/challenge.css", "challenge/challenge.js"):
        pages[f"/{name}"] = (FILES / name).read_text()
    return {path: static(path, text) for path, text in pages.items()}


def static(path: str, text: str) -> Answer:
    kind = mimetypes.guess_type(path)[0] or "text/html"
    return Answer(200, text.encode(), [("Content-Type", f"{kind}; charset=utf-8"), *HEADERS])


def row(card: Card) -> str:
    names = "<br>".join(f"<code>pm_card_{name}</code>" for name in card.names)
    return f"<tr><td>{spaced(card.number)}</td><td>{told(card)}</td><td>{names}</td></tr>"


def spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def told(card: Card) -> str:
    """What a card does, in a few words."""
    deeds = []
    if card.authenticates:
        deeds.append("asks for authentication")
    if card.slow:
        deeds.append("is decided a moment later")
    deeds.append(f"is refused: {card.refusal.decline_code}" if card.refusal else "pays")
    if card.refund != "succeeds":
        deeds.append(
            {"pending": "refunds stay pending a moment", "fails": "refunds fail later"}[card.refund]
        )
    return ", ".join(deeds)


SERVED = served()
