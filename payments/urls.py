from django.urls import re_path

from payments.api import webhook

api_urlpatterns = [re_path(r"^payment/webhook/?$", webhook.Webhook.as_view())]
