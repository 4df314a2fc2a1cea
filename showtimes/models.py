"""Where and when, and for whom: auditoriums with their seats, showtimes, ticket types."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from movies.models import Movie
from showtimes import currencies


class SeatKind(models.TextChoices):
    STANDARD = "standard", _("standard")
    PREMIUM = "premium", _("premium")
    SOFA = "sofa", _("sofa")
    RESTRICTED = "restricted", _("restricted view")
    WHEELCHAIR = "wheelchair", _("wheelchair space")
    COMPANION = "companion", _("companion")


class TicketType(models.Model):
    """Who a seat is sold to. Not the seat's kind."""

    # The key of the one that a migration makes: what a seat is sold as unless another is named.
    FIRST = 1

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")

    def __str__(self) -> str:
        return self.name


class Auditorium(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    plan = models.TextField(
        _("seat plan"),
        max_length=20_000,
        help_text=_(
            "One line per row, the row nearest the picture first: its letters, a blank, then one "
            "character per cell: s standard, p premium, o sofa, r restricted view, w wheelchair "
            "space, c companion seat, _ no seat. An empty line is a cross aisle."
        ),
    )
    plan_version = models.PositiveIntegerField(default=0, editable=False)
    capacity = models.PositiveSmallIntegerField(_("seats"), default=0, editable=False)
    access_notes = models.TextField(_("access"), max_length=1000, blank=True)
    # Written whenever something is scheduled here, so that two who schedule at once on two nodes
    # of a cluster collide: there a row lock of one node is not seen by the other.
    schedule_version = models.PositiveIntegerField(default=0, editable=False)
    # Made by a client that knew only how many seats it needs.
    made_to_size = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("auditorium")
        verbose_name_plural = _("auditoriums")

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    auditorium = models.ForeignKey(Auditorium, models.CASCADE, related_name="seats")
    row = models.CharField(_("row"), max_length=3)
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=SeatKind.choices)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    out_of_order = models.BooleanField(
        _("out of order"), default=False, help_text=_("Not sold until this is taken back.")
    )

    class Meta:
        ordering: ClassVar = ["y", "x"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auditorium", "row", "number"], name="one_seat_a_label")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.row}{self.number}"


class ShowtimeState(models.TextChoices):
    DRAFT = "draft", _("draft")
    ON_SALE = "on_sale", _("on sale")
    CANCELLED = "cancelled", _("cancelled")


class ShowtimeQuerySet(models.QuerySet["Showtime"]):
    def on_sale(self, *, now: datetime) -> "ShowtimeQuerySet":
        """What a guest can still book, whether or not a seat is left."""
        return self.filter(state=ShowtimeState.ON_SALE, starts_at__gt=now)

    def public(self) -> "ShowtimeQuerySet":
        return self.exclude(state=ShowtimeState.DRAFT)

    def starting_between(self, first: datetime, last: datetime) -> "ShowtimeQuerySet":
        """From `first` up to, but not including, `last`."""
        return self.filter(starts_at__gte=first, starts_at__lt=last)

    def overlapping(
        self, auditorium_id: int, starts_at: datetime, ends_at: datetime
    ) -> "ShowtimeQuerySet":
        return self.filter(
            auditorium_id=auditorium_id, starts_at__lt=ends_at, ends_at__gt=starts_at
        ).exclude(state=ShowtimeState.CANCELLED)

    def with_auditorium(self) -> "ShowtimeQuerySet":
        # The grid's text is long and no list shows it.
        return self.select_related("auditorium").defer("auditorium__plan")


class Showtime(models.Model):
    """One movie in one auditorium from one start. `ends_at` includes the cleaning."""

    movie = models.ForeignKey(
        Movie, models.CASCADE, related_name="showtimes", verbose_name=_("movie")
    )
    auditorium = models.ForeignKey(
        Auditorium, models.PROTECT, related_name="showtimes", verbose_name=_("auditorium")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("free again"), editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ShowtimeState.choices, default=ShowtimeState.DRAFT
    )
    format = models.CharField(_("format"), max_length=40, default="2D")
    language = models.CharField(_("language"), max_length=80, blank=True)
    has_captions = models.BooleanField(_("captions"), default=False)
    has_audio_description = models.BooleanField(_("audio description"), default=False)
    is_relaxed = models.BooleanField(_("relaxed"), default=False)
    # {"standard": 1200, …}: minor units of settings.CURRENCY for each kind of seat.
    prices = models.JSONField(_("prices"), default=dict)

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at"]
        verbose_name = _("showtime")
        verbose_name_plural = _("showtimes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="showtime_ends_after_its_start"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["movie", "starts_at"]),
            models.Index(fields=["starts_at"]),
            models.Index(fields=["state", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.movie} · {date_format(timezone.localtime(self.starts_at), 'D d M H:i')}"

    def get_absolute_url(self) -> str:
        return reverse("choose-seats", args=[self.pk])

    def clean(self) -> None:
        try:
            self.prices = checked_prices(self.prices)
        except ValueError as error:
            raise ValidationError({"prices": str(error)}) from None

    def price_of(self, kind: str) -> int:
        """The price of a seat of this kind, minor units."""
        return price_in(self.prices, kind)

    def sells(self, *, now: datetime) -> bool:
        return self.state == ShowtimeState.ON_SALE and now < self.starts_at

    @property
    def from_price(self) -> int:
        """The lowest price of a seat, minor units, all-in."""
        return min((self.prices or settings.DEFAULT_PRICES).values())

    @property
    def accessibility(self) -> list[str]:
        """What makes it easier to follow, in the API's words."""
        flags = {
            "captions": self.has_captions,
            "audio_description": self.has_audio_description,
            "relaxed": self.is_relaxed,
        }
        return [name for name, given in flags.items() if given]


def price_in(prices: dict[str, int], kind: str) -> int:
    """Minor units. A kind without a price of its own costs what a standard seat costs."""
    prices = prices or settings.DEFAULT_PRICES
    return prices.get(kind, prices.get(SeatKind.STANDARD, max(prices.values())))


def checked_prices(prices: Any) -> dict[str, int]:
    """Prices by kind of seat, in minor units. Raises ValueError with a sentence for people."""
    if not isinstance(prices, dict):
        raise ValueError(_("Give a price for each kind of seat."))
    least, most = currencies.least(settings.CURRENCY), currencies.most(settings.CURRENCY)
    step = currencies.step(settings.CURRENCY)
    for kind, price in prices.items():
        if kind not in SeatKind.values:
            raise ValueError(_("“%(kind)s” is no kind of seat.") % {"kind": str(kind)[:40]})
        if type(price) is not int or not least <= price <= most:
            raise ValueError(
                _("A price is a whole number of minor units, from %(least)s to %(most)s.")
                % {"least": least, "most": most}
            )
        if price % step:
            raise ValueError(
                _("In this currency a price is a multiple of %(step)s minor units.")
                % {"step": step}
            )
    if prices and SeatKind.STANDARD not in prices:
        raise ValueError(_("The price of a standard seat is missing."))
    return prices
