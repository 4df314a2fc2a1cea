from django.urls import path, re_path

from accounts import account_views, api, password_views, views

# With or without a trailing slash.
api_urlpatterns = [
    re_path(r"^auth/signup/?$", api.SignUp.as_view()),
    re_path(r"^auth/login/?$", api.LogIn.as_view()),
    re_path(r"^auth/refresh/?$", api.Refresh.as_view()),
    re_path(r"^auth/logout/?$", api.LogOut.as_view()),
    re_path(r"^auth/me/?$", api.Me.as_view()),
]

urlpatterns = [
    path("account/", account_views.account, name="account"),
    path("account/sign-up/", views.sign_up, name="sign-up"),
    path("account/log-in/", views.log_in, name="log-in"),
    path("account/log-out/", views.log_out, name="log-out"),
    path("account/password/", password_views.change_password, name="change-password"),
    path("account/reset/", password_views.reset, name="reset"),
    path("account/reset/sent/", password_views.reset_sent, name="reset-sent"),
    path("account/reset/<str:uid>/", password_views.reset_password, name="reset-password"),
    path("account/reset/<str:uid>/<str:token>/", password_views.reset_link, name="reset-link"),
    path("account/email/", account_views.change_email, name="change-email"),
    path("account/email/sent/", account_views.email_sent, name="email-sent"),
    path("account/email/<str:token>/", account_views.confirm_email, name="email-confirm"),
    path("account/data/", account_views.export, name="export"),
    path("account/erase/", account_views.erase, name="erase"),
]
