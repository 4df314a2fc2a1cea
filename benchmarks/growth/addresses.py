"""What is asked at every size: the API's reads, a guest's pages, lists of the back office."""

from typing import NamedTuple


class Address(NamedTuple):
    """`who`: nobody, a guest or an owner; `{…}` in the path is filled from what was written."""

    name: str
    path: str
    who: str


API = (
    Address("movies", "/movies", "token"),
    Address("movie", "/movies/{movie}", "token"),
    Address("showtimes of a movie", "/movies/{movie}/showtimes", "token"),
    Address("showtime", "/showtimes/{showtime}", "token"),
    Address("seats", "/showtimes/{showtime}/seats", "token"),
    Address("my reservations", "/reservations/my-reservations", "token"),
    Address("a showtime's reservations", "/reservations/showtime/{past}", "owner's token"),
)
PAGES = (
    Address("what's on", "/", "guest"),
    Address("a movie's page", "/whats-on/{slug}/", "guest"),
    Address("seats, page", "/book/{showtime}/", "guest"),
    Address("my bookings", "/bookings/", "guest"),
    Address("sitemap", "/sitemap.xml", "guest"),
)
RESERVATIONS = "/admin/reservations/reservation/"
PAYMENTS = "/admin/payments/payment/"
LEDGER = "/admin/payments/ledgerentry/"
EVENTS = "/admin/payments/webhookevent/"
REFUNDS = "/admin/payments/refund/"
MESSAGES = "/admin/accounts/outgoingmessage/"
PEOPLE = "/admin/accounts/user/"
SHOWTIMES = "/admin/showtimes/showtime/"
MOVIES = "/admin/movies/movie/"
LISTS = tuple(
    Address(f"admin: {name}", path, "owner")
    for name, path in (
        ("front page", "/admin/"),
        ("reservations", RESERVATIONS),
        ("reservations, last page", f"{RESERVATIONS}?p={{last}}"),
        ("reservations, confirmed", f"{RESERVATIONS}?state__exact=confirmed"),
        ("reservations, cancelled", f"{RESERVATIONS}?state__exact=cancelled"),
        ("reservations, payment under way", f"{RESERVATIONS}?state__exact=pinned"),
        ("reservations, of a day", f"{RESERVATIONS}?day={{day}}"),
        ("reservations, of days past", f"{RESERVATIONS}?day=past"),
        ("reservations, made since", f"{RESERVATIONS}?created_at__gte={{since}}"),
        ("reservations, made this year", f"{RESERVATIONS}?created_at__gte={{long_ago}}"),
        ("reservations, by reference", f"{RESERVATIONS}?q={{reference}}"),
        ("reservations, by e-mail", f"{RESERVATIONS}?q=anna.1"),
        ("reservations, by name", f"{RESERVATIONS}?q=Clara+Graf"),
        ("reservations, by intent", f"{RESERVATIONS}?q={{intent}}"),
        ("reservations, by nothing", f"{RESERVATIONS}?q=zzzz"),
        ("reservations, by one letter", f"{RESERVATIONS}?q=a"),
        ("payments", PAYMENTS),
        ("payments, cancelled", f"{PAYMENTS}?status__exact=canceled"),
        ("payments, to be captured", f"{PAYMENTS}?status__exact=requires_capture"),
        ("payments, made since", f"{PAYMENTS}?created_at__gte={{since}}"),
        ("payments, by reference", f"{PAYMENTS}?q={{reference}}"),
        ("payments, by e-mail", f"{PAYMENTS}?q=anna.1"),
        ("payments, by intent", f"{PAYMENTS}?q={{intent}}"),
        ("payments, by nothing", f"{PAYMENTS}?q=zzzz"),
        ("refunds", REFUNDS),
        ("refunds, failed", f"{REFUNDS}?status__exact=failed"),
        ("refunds, of a reason", f"{REFUNDS}?reason=cancelled"),
        ("refunds, by e-mail", f"{REFUNDS}?q=anna.1"),
        ("webhook events", EVENTS),
        ("webhook events, waiting", f"{EVENTS}?handled=no"),
        ("webhook events, handled", f"{EVENTS}?handled=yes"),
        ("webhook events, by intent", f"{EVENTS}?q={{intent}}"),
        ("ledger", LEDGER),
        ("ledger, one account", f"{LEDGER}?account__exact=owed"),
        ("ledger, of a kind", f"{LEDGER}?kind__exact=sale"),
        ("ledger, of a rare kind", f"{LEDGER}?kind__exact=orphaned_capture"),
        ("ledger, since a day", f"{LEDGER}?day__gte={{day}}"),
        ("ledger, by reference", f"{LEDGER}?q={{reference}}"),
        ("messages", MESSAGES),
        ("messages, not sent", f"{MESSAGES}?standing=waiting"),
        ("messages, sent", f"{MESSAGES}?standing=sent"),
        ("messages, given up", f"{MESSAGES}?standing=given_up"),
        ("messages, by reference", f"{MESSAGES}?q={{reference}}"),
        ("people", PEOPLE),
        ("people, of the staff", f"{PEOPLE}?is_staff__exact=1"),
        ("people, switched off", f"{PEOPLE}?is_active__exact=0"),
        ("people, of a group", f"{PEOPLE}?groups__id__exact=1"),
        ("people, by e-mail", f"{PEOPLE}?q=anna.1"),
        ("people, by name", f"{PEOPLE}?q=Clara+Graf"),
        ("showtimes", SHOWTIMES),
        ("showtimes, past", f"{SHOWTIMES}?day=past"),
        ("showtimes, any, cancelled", f"{SHOWTIMES}?day=any&state__exact=cancelled"),
        ("showtimes, any, drafts", f"{SHOWTIMES}?day=any&state__exact=draft"),
        ("showtimes, of an auditorium", f"{SHOWTIMES}?day=any&auditorium__id__exact={{room}}"),
        ("showtimes, by movie", f"{SHOWTIMES}?day=any&q=Picture+3"),
        ("movies", MOVIES),
        ("movies, by title", f"{MOVIES}?q=Picture+3"),
    )
)
ALL = (*API, *PAGES, *LISTS)
