"""Pages for whoever forgot the password, or wants another password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DeadLink, WrongPassword
from accounts.guests import guest_of
from accounts.pages.forms import ChangePasswordForm, NewPasswordForm, ResetForm
from accounts.sign_in import passwords
from moviereservation.web.limits import address_of
from moviereservation.web.refusals import Refusal

# In the session, so that the link's secret stands in no address, no log and no Referer.
TOKEN = "reset_token"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether there is such an account or not."""
    form = ResetForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            passwords.ask_for_reset(email, address=address_of(request), now=timezone.now())
            return redirect("reset-sent")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    return render(request, "accounts/reset.html", {"form": form}, status=status)


@never_cache
@require_safe
def reset_sent(request: HttpRequest) -> HttpResponse:
    context = {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
    return render(request, "accounts/reset_sent.html", context)


@never_cache
@require_safe
def reset_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Follow the link of the e-mail, on to a page without the secret in its address."""
    try:
        passwords.whose_link(uid, token)
    except DeadLink as dead:
        return _dead_link(request, dead)
    request.session[TOKEN] = token
    return redirect("reset-password", uid)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest, uid: str) -> HttpResponse:
    token = request.session.get(TOKEN, "")
    try:
        person = passwords.whose_link(uid, token)
        form = NewPasswordForm(request.POST or None, person=person)
        if form.is_valid():
            passwords.reset(uid, token, form.cleaned_data["password"], now=timezone.now())
            logout(request)  # whoever was logged in here, and with it the token
            messages.success(request, _("Your new password is set. Log in with it."))
            return redirect("log-in")
    except DeadLink as dead:
        return _dead_link(request, dead)
    context = {"form": form, "person": person}
    status = 400 if form.is_bound else 200
    return render(request, "accounts/reset_password.html", context, status=status)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    person = guest_of(request)
    form = ChangePasswordForm(request.POST or None, person=person)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["password"]
        try:
            passwords.change(person, old, new, now=timezone.now())
            update_session_auth_hash(request, person)  # this session goes on, the others have ended
            messages.success(request, _("Your password is changed. You were logged out elsewhere."))
            return redirect("account")
        except Refusal as refusal:
            form.add_error("old" if isinstance(refusal, WrongPassword) else None, str(refusal))
            status = refusal.status
    context = {"form": form, "person": person}
    return render(request, "accounts/change_password.html", context, status=status)


def _dead_link(request: HttpRequest, dead: DeadLink) -> HttpResponse:
    context = {"refusal": dead, "again": "reset"}
    return render(request, "accounts/dead_link.html", context, status=dead.status)
