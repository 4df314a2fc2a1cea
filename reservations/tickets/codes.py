"""What the QR code on a ticket says: nothing that anybody could make, or read something from."""

import base64
import hashlib
import hmac
import io

import segno
from django.conf import settings

from reservations.models import ReservedSeat

PREFIX = "T1"
SIGNATURE_BYTES = 10
SALT = b"reservations.tickets"


def code_of(claim: ReservedSeat) -> str:
    """An opaque code for one admission: a random id and our signature over it.

    Upper-case letters, digits and dots only, so that the QR code stays small ("alphanumeric").
    """
    return f"{PREFIX}.{claim.ticket_id}.{_signature(claim.ticket_id)}"


def ticket_id_of(code: str) -> str | None:
    """The id in a code that we signed; None for anything else."""
    parts = code.strip().upper().split(".")
    if len(parts) != 3 or parts[0] != PREFIX or not code.isascii():
        return None
    expected = _signature(parts[1])
    return parts[1] if hmac.compare_digest(expected.encode(), parts[2].encode()) else None


def qr_svg(code: str, *, title: str) -> str:
    """The code as an inline SVG picture that scales, with a title for those who cannot see it."""
    out = io.BytesIO()
    _qr(code).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4,
        dark="#000", light="#fff", title=title, svgclass="qr", lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()


def qr_png(code: str) -> bytes:
    """The code as a picture, for e-mails: mail programs show no SVG."""
    out = io.BytesIO()
    _qr(code).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def qr_modules(code: str) -> list[list[bool]]:
    """The code row by row, dark or light, without the quiet zone around it."""
    return [[bool(module) for module in row] for row in _qr(code).matrix]


def _qr(code: str) -> segno.QRCode:
    return segno.make_qr(code, error="m")


def _signature(ticket_id: str) -> str:
    key = hashlib.sha256(SALT + settings.SECRET_KEY.encode()).digest()
    digest = hmac.new(key, ticket_id.encode(), hashlib.sha256).digest()[:SIGNATURE_BYTES]
    return base64.b32encode(digest).decode()
