from django.urls import path, re_path

from accounts import api, views

# With or without a trailing slash.
api_urlpatterns = [
    re_path(r"^auth/signup/?$", api.SignUp.as_view()),
    re_path(r"^auth/login/?$", api.LogIn.as_view()),
    re_path(r"^auth/refresh/?$", api.Refresh.as_view()),
    re_path(r"^auth/logout/?$", api.LogOut.as_view()),
    re_path(r"^auth/me/?$", api.Me.as_view()),
]

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/sign-up/", views.sign_up, name="sign-up"),
    path("account/log-in/", views.log_in, name="log-in"),
    path("account/log-out/", views.log_out, name="log-out"),
]
