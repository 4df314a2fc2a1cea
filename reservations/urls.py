from django.urls import path, re_path

from reservations.api import reservations
from reservations.api import seats as seats_api
from reservations.pages import bookings, checkout, lookup, seats, ticket_files

# With or without a trailing slash. A longer number than a key can be is no address.
api_urlpatterns = [
    re_path(r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/?$", seats_api.SeatMapView.as_view()),
    re_path(
        r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/suggestions/?$",
        seats_api.SuggestionsView.as_view(),
        name="seat-suggestions",
    ),
    re_path(
        r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/advice/?$",
        seats_api.AdviceView.as_view(),
        name="seat-advice",
    ),
    re_path(r"^payment/create-payment-intent/?$", reservations.CreatePaymentIntent.as_view()),
    re_path(r"^reservations/?$", reservations.CreateReservation.as_view()),
    re_path(r"^reservations/my-reservations/?$", reservations.MyReservations.as_view()),
    re_path(
        r"^reservations/showtime/(?P<showtime_id>[0-9]{1,18})/?$",
        reservations.ShowtimeReservations.as_view(),
    ),
    re_path(
        r"^reservations/(?P<reservation_id>[0-9]{1,18})/?$",
        reservations.ReservationDetail.as_view(),
    ),
]

urlpatterns = [
    path("book/<int:showtime_id>/", seats.choose_seats, name="choose-seats"),
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
