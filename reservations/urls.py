from django.urls import path, re_path

from reservations import api, booking_views, views

# With or without a trailing slash. A longer number than a key can be is no address.
api_urlpatterns = [
    re_path(r"^showtimes/(?P<showtime_id>[0-9]{1,18})/seats/?$", api.SeatMapView.as_view()),
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
    path("book/<int:showtime_id>/", views.choose_seats, name="choose-seats"),
    path("checkout/<str:reference>/", views.checkout_, name="checkout"),
    path("checkout/<str:reference>/return/", views.checkout_return, name="checkout-return"),
    path("checkout/<str:reference>/more-time/", views.more_time, name="checkout-more-time"),
    path("checkout/<str:reference>/release/", views.release, name="checkout-release"),
    path("bookings/", booking_views.bookings, name="bookings"),
    path("bookings/<str:reference>/", booking_views.booking, name="booking"),
    path("bookings/<str:reference>/cancel/", booking_views.cancel, name="booking-cancel"),
]
