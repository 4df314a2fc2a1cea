from django.urls import path

from moviereservation.web.routers import Router
from reservations.api.payment import PaymentViewSet
from reservations.api.reservations import ReservationViewSet
from reservations.api.showtimes import ShowtimeViewSet
from reservations.pages import bookings, checkout, lookup, seats, ticket_files

api = Router()
api.register("showtimes", ShowtimeViewSet)
api.register("payment", PaymentViewSet, basename="payment")
api.register("reservations", ReservationViewSet, basename="reservation")

urlpatterns = [
    path("book/<key:showtime_id>/", seats.choose_seats, name="choose-seats"),
    path("checkout/<str:reference>/", checkout.checkout_, name="checkout"),
    path("checkout/<str:reference>/return/", checkout.checkout_return, name="checkout-return"),
    path("checkout/<str:reference>/more-time/", checkout.more_time, name="checkout-more-time"),
    path("checkout/<str:reference>/release/", checkout.release, name="checkout-release"),
    path("bookings/", bookings.bookings, name="bookings"),
    path("bookings/<str:reference>/", bookings.booking, name="booking"),
    path("bookings/<str:reference>/cancel/", bookings.cancel, name="booking-cancel"),
    path("bookings/<str:reference>/tickets.pdf", ticket_files.tickets_pdf, name="booking-tickets"),
    path("bookings/<str:reference>/calendar.ics", ticket_files.calendar, name="booking-calendar"),
    path(
        "bookings/<str:reference>/send-again/", ticket_files.send_again, name="booking-send-again"
    ),
    path("find/", lookup.find, name="find-booking"),
    path("find/<str:reference>/", lookup.found, name="found-booking"),
    path("find/<str:reference>/link/", lookup.send_link, name="found-send-link"),
    path("find/<str:reference>/cancel/", lookup.cancel, name="found-cancel"),
    path("find/<str:reference>/<str:token>/", lookup.follow_link, name="found-link"),
]
