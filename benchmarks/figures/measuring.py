"""One run: the product on servers of its own, every row of the plan in several rounds."""

from __future__ import annotations

import contextlib
import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import product
from benchmarks.figures import bookings, crowd, floors, plan, reads
from benchmarks.figures.bookings import Desk, Hall, Order, Paid
from benchmarks.figures.meters import Calls, Counters, Trees
from benchmarks.figures.plan import Read, Sizes
from benchmarks.figures.raw_sql import Floor
from benchmarks.figures.samples import APP, DATABASE, Figure, Sample
from benchmarks.inside import profile

WORKERS = 2
TWENTY = 20
BARE = Read("bare", "bare Django view", 0, path="/", tagged=False)
OWN = 3  # reservations of the guest who reads

# Stripe sends what an endpoint is subscribed to: none of these (docs/operating.md).
UNASKED = ("charge.*", "payment_intent.created")


@dataclass
class Findings:
    """Values by the key of a row, samples by the name of what was done, and what went wrong."""

    figures: dict[str, Figure] = field(default_factory=lambda: defaultdict(Figure))
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    calibrated: Figure = field(default_factory=Figure)
    wrong: list[str] = field(default_factory=list)
    profile: str = ""

    @property
    def factor(self) -> float:
        """How much slower this machine is now than the one of the aims and of the peer."""
        return self.calibrated.median / floors.CALIBRATE_THEN

    def note(self, key: str, value: float) -> None:
        self.figures[key].values.append(value)

    def keep(self, sample: Sample, *, right: Sequence[int]) -> Sample:
        """Remember a sample; answers with another status are wrong."""
        self.samples[sample.name].append(sample)
        for (step, status), number in sample.outcome.statuses.items():
            if status not in right:
                self.wrong.append(f"{sample.name}: {number} × {step} was answered {status}")
        return sample


def measure(sizes: Sizes) -> Findings:
    """Everything, on servers that are started for it."""
    findings = Findings()
    say("starting the servers")
    with product.running(durable=True, workers=WORKERS) as shop:
        shop.stripe.fault("webhook *", "lose")
        with floors.bare_view(WORKERS) as (url, pid):
            _read(shop, sizes, findings, bare=(url, Trees({APP: pid})))
        _book(shop, sizes, findings)
        say("a profile")
        findings.profile = profile.tables(shop, sizes.profiled)
        clean, report = shop.audit()
        if not clean:
            findings.wrong.append(report)
    return findings


def _read(
    shop: product.Product, sizes: Sizes, findings: Findings, *, bare: tuple[str, Trees]
) -> None:
    shop.manage("seed_demo")
    for movies, group in itertools.groupby(plan.READS, key=lambda read: read.movies):
        stage = shop.stage(guests=1, showtimes=OWN, movies=movies)
        _buy(shop, stage)
        rows = list(group)
        places, trees, token = reads.Places.of(shop), Trees.of(shop), stage["tokens"][0]
        for number in range(sizes.rounds):
            say(f"reads, {movies} movies, round {number + 1}")
            findings.calibrated.values.append(floors.calibrate())
            [floor] = reads.samples(*bare, BARE, BARE.path, "", sizes.seconds)
            findings.keep(floor, right=[200])
            for row in rows:
                _one_read(shop, trees, row, reads.path_of(row, places), token, sizes, findings)


def _buy(shop: product.Product, stage: dict[str, Any]) -> None:
    """The guest who reads has a ticket for each showtime of the stage."""
    orders = [Order(stage["tokens"][0], show, stage["labels"][:2]) for show in stage["showtimes"]]
    desk = Desk.of(shop)
    crowd.play(desk.urls, [bookings.whole(desk, orders)])


def _one_read(
    shop: product.Product, trees: Trees, read: Read, path: str, token: str, sizes: Sizes,
    findings: Findings,
) -> None:  # fmt: skip
    mine = token if read.token else ""
    whole, *same = reads.samples(shop.url, trees, read, path, mine, sizes.seconds)
    findings.note(read.key, findings.keep(whole, right=[200]).cpu[APP])
    for sample in same:
        if findings.keep(sample, right=[200, 304]).is_mostly(304):
            findings.note(f"{read.key} 304", sample.cpu[APP])


def _book(shop: product.Product, sizes: Sizes, findings: Findings) -> None:
    say("a stage for bookings")
    each = 2 * (sizes.bookings + plan.AWAKE) + sizes.apart
    showtimes = TWENTY + sizes.rounds
    guests = plan.WARM_UP + each * sizes.rounds
    hall = Hall.of(shop, shop.stage(guests=guests, showtimes=showtimes, plan=bookings.HALL))
    rush = shop.stage(guests=plan.AT_ONCE, showtimes=sizes.rounds, plan=bookings.TEN)
    floor = Floor.of(
        shop.environment["DATABASE_URL"],
        hall.trees,
        shop.stage(guests=8, showtimes=TWENTY, plan=bookings.HALL),
    )
    with contextlib.closing(Counters(shop.environment["DATABASE_URL"])) as counters:
        hall.play("warm-up", bookings.whole, hall.orders(plan.WARM_UP, hall.showtimes))
        for number in range(sizes.rounds):
            say(f"bookings, round {number + 1}")
            calibrated = floors.calibrate()
            findings.calibrated.values.append(calibrated)
            _whole(hall, number, sizes, floors.Peer.now(calibrated), findings)
            findings.keep(floor.sample(sizes.bookings), right=[200])
            _apart(hall, counters, sizes, findings)
            _rush(hall, rush["tokens"], rush["showtimes"][number], sizes, findings)


def _whole(hall: Hall, number: int, sizes: Sizes, peer: floors.Peer, findings: Findings) -> None:
    """On twenty showtimes, and on one; which comes first changes from round to round."""
    twenty, one = hall.showtimes[:TWENTY], hall.showtimes[TWENTY + number : TWENTY + number + 1]
    kinds = [("whole booking", twenty), ("on one showtime", one)]
    samples = {}
    for name, showtimes in kinds if number % 2 else reversed(kinds):
        # Every worker has seen the showtimes, and is awake again.
        hall.play("warm-up", bookings.whole, hall.orders(plan.AWAKE, showtimes))
        sample = hall.play(name, bookings.whole, hall.orders(sizes.bookings, showtimes))
        samples[name] = findings.keep(sample, right=[200, 201])
    many, alone = samples["whole booking"], samples["on one showtime"]
    app, database = many.cpu[APP], many.cpu[DATABASE]
    findings.note("app", app / peer.booking_app)
    findings.note("both", (app + database) / (peer.booking_app + peer.booking_database))
    findings.note("confirm", many.percentile("settle", 0.5))
    findings.note("one", alone.rate / many.rate)


def _apart(hall: Hall, counters: Counters, sizes: Sizes, findings: Findings) -> None:
    """Hold all, pay all, settle all; counted by the server and by Stripe. Then their webhooks."""
    stripe, calls = hall.shop.stripe, Calls(hall.shop.stripe)
    stripe.clear_faults()
    for kind in UNASKED:
        stripe.fault(f"webhook {kind}", "lose")
    stripe.webhooks(paused=True)
    held: list[Paid] = []
    orders = [(order, held) for order in hall.orders(sizes.apart, hall.showtimes[:TWENTY])]
    with counters.counted() as first, calls.counted() as asked:
        hold = hall.play("hold", bookings.holding, orders)
    pay = hall.play("pay", bookings.paying, held)
    with counters.counted() as second, calls.counted() as asked_again:
        settle = hall.play("settle", bookings.settling, held)
    for sample in (hold, pay, settle):
        findings.keep(sample, right=[200, 201])
    findings.note("commits", (first["commits"] + second["commits"]) / sizes.apart)
    findings.note("statements", (first["statements"] + second["statements"]) / sizes.apart)
    findings.note("calls", (len(asked) + len(asked_again)) / sizes.apart)
    with hall.trees.spent() as spent:
        sent = stripe.flush()
    findings.wrong += [f"webhook: {parcel}" for parcel in sent if parcel["result"] != 200]
    findings.note("webhooks", 1000 * spent[APP] / sizes.apart)
    stripe.webhooks(paused=False)
    stripe.fault("webhook *", "lose")


def _rush(
    hall: Hall, tokens: Sequence[str], showtime: int, sizes: Sizes, findings: Findings
) -> None:
    chance = random.Random(showtime)
    orders = [
        Order(tokens[n % len(tokens)], showtime, [f"A{chance.randint(1, 10)}"])
        for n in range(sizes.rush)
    ]
    rush = hall.play("rush, an attempt", bookings.whole, orders, plan.AT_ONCE)
    findings.keep(rush, right=[200, 201, 402, 409])
    findings.note("rush", rush.percentile("hold", 0.99))
    findings.note("troubles", rush.troubles)


def say(what: Any) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)
