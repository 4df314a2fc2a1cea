"""The demo cinema: its name, its three auditoriums, their seat plans and price cards."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Cinema:
    """Who invites: shown in the footer, on tickets and in e-mails."""

    name: str
    strapline: str
    address: str
    about: str


@dataclass(frozen=True, slots=True)
class DemoAuditorium:
    """One room. `plan` is a seat plan in the text-grid notation, picture first.

    `prices` is the evening price card, seat kind to minor units; it names exactly the kinds
    that occur in the plan. `plays_film` says whether a 35 mm projector stands in the booth,
    `instrument` what can accompany a silent film here (empty: nothing).
    """

    name: str
    about: str
    plan: str
    access_notes: str
    prices: dict[str, int]
    plays_film: bool
    instrument: str


CINEMA = Cinema(
    name="The Lantern Picture House",
    strapline="Old light, every night",
    address="12 Wick Street, Port Ellery, New York",
    about=(
        "A lamp factory until 1911 and a cinema ever since. We show films that belong to "
        "everybody, as large and as well as we can: on film where a print survives, with an "
        "organist where there is no soundtrack, and with the lights up afterwards so that "
        "strangers can disagree. Three auditoriums, one bar, no advertisements."
    ),
)

# Rows I and O are left out everywhere: on a ticket they read as 1 and 0.

GRAND = DemoAuditorium(
    name="Grand",
    about="The old factory hall: a 46-foot picture, a 1926 organ and a starry ceiling.",
    plan=dedent("""\
        A  ____rr_ssssssssssss_rr____
        B  ___rss_ssssssssssss_ssr___
        C  __ssss_ssssssssssss_ssss__
        D  __ssss_ssssssssssss_ssss__
        E  _sssss_ssssssssssss_sssss_

        F  wc__cw_wcppppppppcw_wc__cw
        G  ssssss_pppppppppppp_ssssss
        H  ssssss_pppppppppppp_ssssss
        J  ssssss_pppppppppppp_ssssss
        K  ssssss_ssssssssssss_ssssss
        L  ssssss_ssssssssssss_ssssss
        M  _sssss_ssssssssssss_sssss_
        N  __ssss_ssssssssssss_ssss__
        """),
    access_notes=(
        "Step-free from the street to row F and the cross aisle in front of it, where the six "
        "wheelchair places are, each with a companion seat beside it. Rows A to E are down a "
        "gentle ramp; rows G to N are up steps of 6 inches with a handrail. Induction loop in "
        "rows C to L, infra-red headsets for audio description at the box office. Accessible "
        "toilet on this level. The organ is loud: ear defenders are free to borrow."
    ),
    prices={
        "standard": 1400,
        "premium": 1800,
        "restricted": 1000,
        "wheelchair": 1400,
        "companion": 1400,
    },
    plays_film=True,
    instrument="organ",
)

SALON = DemoAuditorium(
    name="Salon",
    about="The former showroom, with the lamps still on the walls and five sofas at the back.",
    plan=dedent("""\
        A  __sssss__sssss__
        B  _ssssss__ssssss_
        C  sssssss__sssssss
        D  sssssss__sssssss

        E  wc___cw__wc___cw
        F  sssssss__sssssss
        G  sssssss__sssssss
        H  sssssss__sssssss
        J  _oo_oo_oo_oo_oo_
        """),
    access_notes=(
        "Step-free by the lift to the cross aisle and row E, with four wheelchair places, each "
        "with a companion seat beside it. Rows A to D are level with it; rows F to J are up "
        "one step each. Induction loop throughout, infra-red headsets at the box office. The "
        "sofas in row J seat two and are low: ask us for a firm cushion."
    ),
    prices={"standard": 1200, "sofa": 1800, "wheelchair": 1200, "companion": 1200},
    plays_film=True,
    instrument="piano",
)

CABINET = DemoAuditorium(
    name="Cabinet",
    about="The lamp-testing room: thirty-eight seats, black walls, nothing else to look at.",
    plan=dedent("""\
        A  __ssss__
        B  _ssssss_
        C  ssssssss
        D  ssssssss

        E  wc_pp_cw
        F  oo_oo_oo
        """),
    access_notes=(
        "Step-free by the lift; the door opens on the cross aisle. Two wheelchair places in row "
        "E, each with a companion seat beside it. Rows A to D are level, row F is up one step. "
        "Hearing loop at the seats in rows C to F; no headsets for audio description here."
    ),
    prices={
        "standard": 1100,
        "premium": 1400,
        "sofa": 1600,
        "wheelchair": 1100,
        "companion": 1100,
    },
    plays_film=False,
    instrument="",
)

AUDITORIUMS: tuple[DemoAuditorium, ...] = (GRAND, SALON, CABINET)
