"""The ledger: every movement of money, once, signed, never changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.models.payment import Payment


class Account(models.TextChoices):
    """Where money is, came from or has to go. Debit is positive."""

    SALES = "sales", _("sales")
    STRIPE_BALANCE = "stripe_balance", _("Stripe balance")
    OWED = "owed", _("owed to guests")


class Kind(models.TextChoices):
    """What an act did."""

    SALE = "sale", _("sale")
    CANCELLATION = "cancellation", _("cancellation")
    REFUND = "refund", _("refund")
    REFUND_FAILED = "refund_failed", _("refund failed")
    ORPHANED_CAPTURE = "orphaned_capture", _("captured for nothing")


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def on(self, account: Account) -> "LedgerEntryQuerySet":
        return self.filter(account=account)


class LedgerEntry(models.Model):
    """One line of an act. The lines of an act add up to zero and are written at once.

    Rows are added, never changed or deleted: triggers of the database refuse both
    (`moviereservation.db.append_only`). Amounts are minor units.
    """

    # Which act, such as `sale:7XK2M9QF4T`. With the line it is a unique key, so that an act which
    # is repeated is written once.
    act = models.CharField(_("act"), max_length=120)
    line = models.PositiveSmallIntegerField(_("line"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    account = models.CharField(_("account"), max_length=20, choices=Account.choices)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # What was sold, in the words of whoever sold it: the code of a ticket type, and one ticket.
    category = models.CharField(_("category"), max_length=20, blank=True)
    item = models.CharField(_("item"), max_length=40, blank=True)
    # The tax contained in the amount, with the amount's sign; basis points: 1900 is 19 %.
    tax = models.BigIntegerField(_("tax"), default=0)
    tax_rate = models.PositiveSmallIntegerField(_("tax rate"), null=True)
    day = models.DateField(_("business day"))
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("by"), max_length=100)
    # The key of the shift at a till whose drawer it went through.
    shift = models.BigIntegerField(_("shift"), null=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="entries", verbose_name=_("payment")
    )
    # What it was for: a reservation's reference.
    subject = models.CharField(_("reference"), max_length=64, blank=True)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "line"], name="an_act_is_written_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["day", "account"]),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.account} {self.amount}"
