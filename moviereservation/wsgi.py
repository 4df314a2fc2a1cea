"""What the web server calls: `granian --interface wsgi moviereservation.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moviereservation.settings")

application = get_wsgi_application()
