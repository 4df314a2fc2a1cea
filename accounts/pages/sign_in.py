"""Pages: signing up, in and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sign_in
from accounts.errors import EmailTaken
from accounts.pages.forms import LogInForm, SignUpForm
from moviereservation.web.forms import GuestForm
from moviereservation.web.limits import address_of
from moviereservation.web.refusals import Refusal


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LogInForm(request.POST or None)
    if not form.is_valid():
        return _shown(request, "accounts/log_in.html", form)
    try:
        user = sign_in.prove(request, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, "accounts/log_in.html", form, status=refusal.status)
    login(request, user)
    return redirect(_next(request))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignUpForm(request.POST or None)
    if not form.is_valid():
        return _shown(request, "accounts/sign_up.html", form)
    try:
        user = sign_in.sign_up(**form.cleaned_data, address=address_of(request))
    except Refusal as refusal:
        form.add_error("email" if isinstance(refusal, EmailTaken) else None, str(refusal))
        return _shown(request, "accounts/sign_up.html", form, status=refusal.status)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(_next(request))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are logged out."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _shown(
    request: HttpRequest, template: str, form: GuestForm, status: int | None = None
) -> HttpResponse:
    context = {"form": form, "next": _next(request, default="")}
    return render(request, template, context, status=status or (400 if form.is_bound else 200))


def _next(request: HttpRequest, default: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Where the guest was going, if that is on this site."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else resolve_url(default) if default else ""
