from django.urls import re_path

from payments import api

api_urlpatterns = [re_path(r"^payment/webhook/?$", api.Webhook.as_view())]
