"""Pages of a guest's own account: the profile, another e-mail address, their data, leaving."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import personal_data, sign_in
from accounts.errors import DeadLink, WrongPassword
from accounts.guests import guest_of
from accounts.needs import Needs
from accounts.pages.forms import ChangeEmailForm, ProfileForm, ProvingForm
from accounts.sign_in import email_change
from moviereservation.web.refusals import Refusal


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person = guest_of(request)
    form = ProfileForm(request.POST or None, initial={"name": person.name, **asdict(person.needs)})
    if form.is_valid():
        person.name = form.cleaned_data.pop("name")
        person.saved_needs = str(Needs(**form.cleaned_data))
        person.save(update_fields=["name", "saved_needs"])
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {"form": form, "person": person}
    status = 400 if form.is_bound else 200
    return render(request, "accounts/account.html", context, status=status)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the new address has an account or not."""
    person = guest_of(request)
    form = ChangeEmailForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            email_change.ask_for_change(person, **form.cleaned_data, now=timezone.now())
            return redirect("email-sent")
        except Refusal as refusal:
            form.add_error("password" if isinstance(refusal, WrongPassword) else None, str(refusal))
            status = refusal.status
    context = {"form": form, "person": person}
    return render(request, "accounts/change_email.html", context, status=status)


@never_cache
@login_required
@require_safe
def email_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/email_sent.html", {"person": guest_of(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing happens on a mere look: programs that read mail follow links, too."""
    now = timezone.now()
    try:
        if request.method == "POST":
            email_change.confirm(token, now=now)
            messages.success(request, _("Your new e-mail is confirmed. You log in with it now."))
            return redirect("account")
        change = email_change.pending(token, now=now)
    except DeadLink as dead:
        context = {"refusal": dead, "again": "email"}
        return render(request, "accounts/dead_link.html", context, status=dead.status)
    return render(request, "accounts/confirm_email.html", {"change": change})


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    answer = JsonResponse(
        personal_data.export(guest_of(request), now=now),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer["Content-Disposition"] = f'attachment; filename="my-data-{now:%Y-%m-%d}.json"'
    return answer


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    person = guest_of(request)
    form = ProvingForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            sign_in.prove_again(person, form.cleaned_data["password"])
            personal_data.erase(person, now=timezone.now())
            logout(request)
            messages.success(request, _("Your account is erased. Goodbye, and thank you."))
            return redirect("whats-on")
        except Refusal as refusal:
            form.add_error("password" if isinstance(refusal, WrongPassword) else None, str(refusal))
            status = refusal.status
    context = {"form": form, "person": person}
    return render(request, "accounts/erase.html", context, status=status)
