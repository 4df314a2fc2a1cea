from django.urls import path, re_path

from reservations import api, booking_views, found_views, seat_api, seat_views, ticket_views, views

# With or without a trailing slash. A longer number than a key can be is no address.
api_urlpatterns = [
    re_path(r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/?$", seat_api.SeatMapView.as_view()),
    re_path(
        r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/suggestions/?$",
        seat_api.SuggestionsView.as_view(),
        name="seat-suggestions",
    ),
    re_path(
        r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/advice/?$",
        seat_api.AdviceView.as_view(),
        name="seat-advice",
    ),
    re_path(r"^payment/create-payment-intent/?$", api.CreatePaymentIntent.as_view()),
    re_path(r"^reservations/?$", api.CreateReservation.as_view()),
    re_path(r"^reservations/my-reservations/?$", api.MyReservations.as_view()),
    re_path(
        r"^reservations/showtime/(?P<showtime_id>[0-9]{1,18})/?$",
        api.ShowtimeReservations.as_view(),
    ),
    re_path(r"^reservations/(?P<reservation_id>[0-9]{1,18})/?$", api.ReservationDetail.as_view()),
]

urlpatterns = [
    path("book/<int:showtime_id>/", seat_views.choose_seats, name="choose-seats"),
    path("checkout/<str:reference>/", views.checkout_, name="checkout"),
    path("checkout/<str:reference>/return/", views.checkout_return, name="checkout-return"),
    path("checkout/<str:reference>/more-time/", views.more_time, name="checkout-more-time"),
    path("checkout/<str:reference>/release/", views.release, name="checkout-release"),
    path("bookings/", booking_views.bookings, name="bookings"),
    path("bookings/<str:reference>/", booking_views.booking, name="booking"),
    path("bookings/<str:reference>/cancel/", booking_views.cancel, name="booking-cancel"),
    path("bookings/<str:reference>/tickets.pdf", ticket_views.tickets_pdf, name="booking-tickets"),
    path("bookings/<str:reference>/calendar.ics", ticket_views.calendar, name="booking-calendar"),
    path(
        "bookings/<str:reference>/send-again/", ticket_views.send_again, name="booking-send-again"
    ),
    path("find/", found_views.find, name="find-booking"),
    path("find/<str:reference>/", found_views.found, name="found-booking"),
    path("find/<str:reference>/link/", found_views.send_link, name="found-send-link"),
    path("find/<str:reference>/cancel/", found_views.cancel, name="found-cancel"),
    path("find/<str:reference>/<str:token>/", found_views.follow_link, name="found-link"),
]
