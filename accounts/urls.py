from django.urls import path

from accounts.api.auth import AuthViewSet
from accounts.pages import account, passwords, sign_in
from moviereservation.web.routers import Router

api = Router()
api.register("auth", AuthViewSet, basename="auth")

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/sign-up/", sign_in.sign_up, name="sign-up"),
    path("account/log-in/", sign_in.log_in, name="log-in"),
    path("account/log-out/", sign_in.log_out, name="log-out"),
    path("account/password/", passwords.change_password, name="change-password"),
    path("account/reset/", passwords.reset, name="reset"),
    path("account/reset/sent/", passwords.reset_sent, name="reset-sent"),
    path("account/reset/<str:uid>/", passwords.reset_password, name="reset-password"),
    path("account/reset/<str:uid>/<str:token>/", passwords.reset_link, name="reset-link"),
    path("account/email/", account.change_email, name="change-email"),
    path("account/email/sent/", account.email_sent, name="email-sent"),
    path("account/email/<str:token>/", account.confirm_email, name="email-confirm"),
    path("account/data/", account.export, name="export"),
    path("account/erase/", account.erase, name="erase"),
]
