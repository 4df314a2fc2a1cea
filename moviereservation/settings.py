"""Everything that differs between two installations is read here, and only here.

With no environment at all this is the embedded demo: SQLite, a cache in the process, e-mail in
files and the Stripe stand-in. `.env.example` names and explains every variable. Importing this
writes nothing: what lies in VAR_DIR is made where it is first needed.
"""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import environ
from django.utils.functional import SimpleLazyObject

from moviereservation import demo_secret, startup_checks
from moviereservation.db import engines
from moviereservation.web import converters
from showtimes import currencies

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# --- Which installation this is ---------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="")
# A demo is what somebody has who has configured nothing yet.
DEMO = env.bool("DEMO", default=not SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
PORT = env.int("PORT", default=8000)
if DEMO and not SECRET_KEY:
    SECRET_KEY = cast(str, SimpleLazyObject(partial(demo_secret.of_this_machine, VAR_DIR)))

SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
CINEMA_NAME = env.str("CINEMA_NAME", default="")
CINEMA_ADDRESS = env.str("CINEMA_ADDRESS", default="")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(SITE_URL).hostname or ""]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
HTTPS = SITE_URL.startswith("https://")
# How many proxies of ours stand in front and add to X-Forwarded-For; 0 believes no header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- Rooms ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "moviereservation.back_office.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "movies",
    "payments",
    "showtimes",
    "reservations",
    "moviereservation",
]
# What pages pass. Programs leave at the first line and pass what is named below.
MIDDLEWARE = [
    "moviereservation.web.middleware.programs_by_the_short_way",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A seat map of 300 seats is 90 kB of markup that says much the same, and 7 kB compressed.
    # Secrets in pages are masked anew for each answer, and Django adds bytes at random, so that the
    # length tells nothing (https://breachattack.com).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "moviereservation.web.middleware.read_as_utf_8",
    "moviereservation.web.middleware.body_within_bounds",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "moviereservation.web.middleware.too_often_is_a_page",
    "moviereservation.web.middleware.views_for_both",
]
PROGRAMS_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "moviereservation.web.middleware.read_as_utf_8",
    "moviereservation.web.middleware.body_within_bounds",
    "django.middleware.http.ConditionalGetMiddleware",
    "moviereservation.web.middleware.in_the_language_of_who_asks",
    "moviereservation.web.middleware.at_a_host_of_ours",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "moviereservation.urls"
WSGI_APPLICATION = "moviereservation.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "moviereservation.context.cinema",
            ]
        },
    }
]

# --- Data -------------------------------------------------------------------------------------

DATABASES = {
    "default": engines.from_url(
        env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'cinema.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
# A cache that hangs must cost less than the query that it saves.
_redis_cache = {
    "BACKEND": "moviereservation.db.cache.RedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": env.str("REDIS_PREFIX", default="cinema"),
    "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2},
}
_local_cache = {
    "BACKEND": "moviereservation.db.cache.LocalCache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
CACHES = {
    "default": _redis_cache if REDIS_URL else _local_cache | {"LOCATION": "cinema"},
    # What is drawn for everybody, in each process: too large to fetch, and gone with the release
    # that drew it.
    "drawn": _local_cache | {"LOCATION": "drawn", "OPTIONS": {"MAX_ENTRIES": 300}},
    # Attempts are counted here: without Redis each process counts its own, but it counts.
    "limits": (_redis_cache | {"FALLBACK": True})
    if REDIS_URL
    else _local_cache | {"LOCATION": "limits"},
}

# --- Guests and staff -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "accounts.credentials.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The link of an e-mail works for an hour.
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "log-in"
LOGIN_REDIRECT_URL = "whats-on"
LOGOUT_REDIRECT_URL = "whats-on"
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=env.int("ACCESS_TOKEN_SECONDS", default=15 * 60)),
    "REFRESH_TOKEN_LIFETIME": timedelta(
        seconds=env.int("REFRESH_TOKEN_SECONDS", default=30 * 24 * 3600)
    ),
    # Clocks of two machines are never quite the same.
    "LEEWAY": timedelta(seconds=30),
    "SIGNING_KEY": env.str("JWT_SECRET", default="") or SECRET_KEY,
}
RATE_LIMITS = env.bool("RATE_LIMITS", default=True)

# --- Time, words, money -----------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = env.str("CINEMA_TIME_ZONE", default="America/New_York")
# A showtime that starts before this hour belongs to the evening before.
BUSINESS_DAY_STARTS_AT_HOUR = 5
USE_I18N = True
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en-us")
# The default stands in for its language, so that en-gb or de-at come with formats of their own.
LANGUAGES = [
    (LANGUAGE_CODE if LANGUAGE_CODE.partition("-")[0] == code else code, name)
    for code, name in (("en-us", "English"), ("de", "Deutsch"))
]
LOCALE_PATHS = [BASE_DIR / "moviereservation" / "locale"]
# What was chosen on a page is remembered for a year.
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
CURRENCY = env.str("CURRENCY", default="usd").lower()
# Of every ticket, in basis points, contained in its price.
TAX_RATE_BASIS_POINTS = env.int("TAX_RATE_BASIS_POINTS", default=0)
DEFAULT_PRICES = currencies.like_cents(
    {"standard": 1200, "premium": 1500, "sofa": 1800, "wheelchair": 1200, "companion": 1200},
    CURRENCY,
)

# --- Selling ----------------------------------------------------------------------------------

HOLD_MINUTES = env.int("HOLD_MINUTES", default=10)
# WCAG 2.2, success criterion 2.2.1: a time limit can be extended at least ten times.
HOLD_EXTENSIONS = 10
SEATS_PER_RESERVATION = env.int("SEATS_PER_RESERVATION", default=10)
SEATS_PER_GUEST_AND_SHOWTIME = env.int("SEATS_PER_GUEST_AND_SHOWTIME", default=20)
# Whether pages ask people not to leave a single seat alone beside them.
ORPHAN_RULE = env.bool("ORPHAN_RULE", default=True)
CANCELLATION_CUTOFF_MINUTES = env.int("CANCELLATION_CUTOFF_MINUTES", default=0)
CLEANING_MINUTES = env.int("CLEANING_MINUTES", default=20)

# --- Stripe -----------------------------------------------------------------------------------

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="sk_test_standin" if DEMO else "")
STRIPE_STANDIN = STRIPE_SECRET_KEY == "sk_test_standin"
STRIPE_PUBLISHABLE_KEY = env.str(
    "STRIPE_PUBLISHABLE_KEY", default="pk_test_standin" if STRIPE_STANDIN else ""
)
STRIPE_WEBHOOK_SECRET = env.str(
    "STRIPE_WEBHOOK_SECRET", default="whsec_standin" if STRIPE_STANDIN else ""
)
STRIPE_API_BASE = env.str(
    "STRIPE_API_BASE", default=f"http://localhost:{PORT + 1}" if STRIPE_STANDIN else ""
).rstrip("/")
STRIPE_JS_URL = env.str(
    "STRIPE_JS_URL",
    default=(
        f"{STRIPE_API_BASE}/stripe.js"
        if STRIPE_STANDIN
        else "https://js.stripe.com/endive/stripe.js"
    ),
)
STRIPE_TIMEOUT_SECONDS = env.float("STRIPE_TIMEOUT_SECONDS", default=8.0)

# --- Mail -------------------------------------------------------------------------------------

# Without a mail server e-mails are written to files, which anybody can open and look at.
EMAIL_BACKEND = "accounts.outbox.mail_files.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 15  # seconds, for each step of a delivery
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="box-office@example.org")

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "moviereservation.static_files.HashedFiles"
        )
    },
}

# --- The wire ---------------------------------------------------------------------------------

MAX_BODY_BYTES = 256 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.credentials.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["moviereservation.web.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "moviereservation.web.pagination.LinkedPages",
    "DEFAULT_METADATA_CLASS": "moviereservation.web.metadata.OnlyMethods",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "moviereservation.web.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Movie reservation API",
    "DESCRIPTION": "Find a movie, hold seats, pay with Stripe, walk in with a ticket.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/",
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"key": converters.Key.schema},
    "PREPROCESSING_HOOKS": ["moviereservation.api_docs.schema.without_twins"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "moviereservation.api_docs.schema.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ReservationState": "reservations.models.State",
        "ShowtimeState": "showtimes.models.ShowtimeState",
    },
}

# --- Safety -----------------------------------------------------------------------------------

_stripe = sorted(
    {f"{part.scheme}://{part.netloc}" for part in map(urlsplit, (STRIPE_JS_URL, STRIPE_API_BASE))}
    - {"://"}
    | (set() if STRIPE_STANDIN else {"https://api.stripe.com", "https://hooks.stripe.com"})
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", *_stripe],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "https:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_stripe],
        "frame-src": _stripe,
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # An answer of 4xx is no news to who runs it: under a rush nearly all are.
        "django.request": {"level": "ERROR"},
        **{
            app: {"handlers": ["console"], "level": "INFO", "propagate": False}
            for app in ("accounts", "movies", "showtimes", "payments", "reservations",
                        "moviereservation")
        },
    },
}  # fmt: skip

startup_checks.refuse_unsafe(globals())
