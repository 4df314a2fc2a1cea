from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Django's admin with our front page, our log-in and our order of rooms."""

    default_site = "moviereservation.back_office.site.BackOffice"
