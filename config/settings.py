"""All settings in one file; each knob is read from the environment by a typed reader that refuses bad values."""

import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import logs
from config.environment import (
    read_address,
    read_broker,
    read_database,
    read_encryption_keys,
    read_flag,
    read_hosts,
    read_list,
    read_name,
    read_number,
    read_rate,
    read_secret_key,
    read_text,
    read_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(read_text("DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = read_flag("DEBUG", False)
SECRET_KEY = read_secret_key("SECRET_KEY", DATA_DIR / "secret_key")
FIELD_ENCRYPTION_KEYS = read_encryption_keys("FIELD_ENCRYPTION_KEYS", DATA_DIR / "field_encryption_key")
ALLOWED_HOSTS = read_hosts("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "targets",
    "kpis",
    "surveys",
    "crmsync",
    "django_celery_beat",
    "simple_history",
    "config.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.confine_browser",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "config.context.describe_access",
            ]
        },
    }
]

DATABASES = {"default": read_database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'itogi.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: a deferred transaction that turns into a
    # writer fails at once with "database is locked", whatever the timeout.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    # A machine that dies in the middle of a page would hold its portal's row until TCP gives up, after hours.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c idle_in_transaction_session_timeout=45000"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = read_text("LANGUAGE_CODE", "ru", ("ru", "en"))
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = read_zone("TIME_ZONE", "Europe/Moscow")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Serve straight from the source folders, so that a fresh clone needs no collectstatic.
WHITENOISE_USE_FINDERS = True

AUTHENTICATION_BACKENDS = ["config.backends.RoleBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "home", "account_login"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE = read_flag("SECURE", False)
if SECURE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

ACCOUNT_ADAPTER = "config.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "config.login_form.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever asks for a stranger's password learns nothing, and the stranger gets no letter.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "config.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Itogi"
# Nobody signs up under a stranger's address here, so that none need be proved first.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A first look is taken on http://localhost, for which browsers make passkeys too.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
# Tries are counted by the address that the last of so many proxies has seen.
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("PROXIES", 1 if SECURE else 0, least=0, most=9)
# All processes and machines count tries together, where they share the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "itogi_cache"}}

EMAIL_HOST = read_text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_SECURITY = read_text("EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = read_number("EMAIL_PORT", {"starttls": 587, "tls": 465, "none": 25}[EMAIL_SECURITY], least=1, most=65_535)
EMAIL_HOST_USER = read_text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = read_text("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_address("EMAIL_FROM", "Itogi <itogi@localhost>")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kpis.api.login.TokenLogin",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["kpis.api.limits.UserLimit"],
    # The second one is for an address whose log-ins are refused.
    "DEFAULT_THROTTLE_RATES": {
        "user": read_rate("API_RATE", "600/min"),
        "anon": read_rate("API_REFUSALS_RATE", "30/min"),
    },
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "kpis.api.errors.answer_error",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Itogi",
    "DESCRIPTION": "KPIs of sales with everything that stands behind them. It only reads, and shows each user the "
    "people whom he sees. Names and sentences are in the language of `Accept-Language`, Russian or English.",
    "VERSION": "1",
    "SERVE_URLCONF": "config.api",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"docExpansion": "list", "defaultModelsExpandDepth": 0},
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

CELERY_BROKER_URL = read_broker("CELERY_BROKER_URL", "filesystem://")
# Everything of ours on the broker carries this name, so that installations may share one.
CELERY_TASK_DEFAULT_QUEUE = read_name("CELERY_QUEUE", "itogi")
CELERY_CONTROL_EXCHANGE = CELERY_EVENT_EXCHANGE = f"{CELERY_TASK_DEFAULT_QUEUE}-control"
CELERY_TASK_IGNORE_RESULT = True
# Without results there is nothing to clean up; otherwise Celery schedules a job of its own for it.
CELERY_RESULT_EXPIRES = None
# A task is confirmed when it is done, and goes back to the queue when its process is killed.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A killed child is reported at once; this is how long its last word is waited for.
CELERY_WORKER_LOST_WAIT = 2
# Each process takes its next task only when it is free, so that none waits behind a long one.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A slice of work ends by itself after 150 seconds; one that takes longer hangs.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 240, 300
# The database, not the connection, says who may go on: a task outlives a broker that restarts.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Workers and beat wait for the broker as long as it takes; None means without an end.
CELERY_BROKER_CONNECTION_RETRY = CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Whoever sends a task may be a person's click: a dead connection is replaced once, and all of that
# ends within five seconds. An unsent message costs a quarter of a minute, for the next tick sends another.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
ANSWER_SECONDS = 1.2
# Both ends of an AMQP connection notice within twice this time that the other one is gone.
CELERY_BROKER_HEARTBEAT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | int | float] = {}
if CELERY_BROKER_URL.startswith("filesystem"):
    BROKER_DIR = DATA_DIR / "broker"
    BROKER_DIR.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
    }
elif CELERY_BROKER_URL.startswith("redis"):
    # Redis gives an unconfirmed task to another worker after this time: longer than one task may wait
    # behind another and then work, twice the limit above. Celery looks for it in three places.
    CELERY_VISIBILITY_TIMEOUT = 3 * CELERY_TASK_TIME_LIMIT
    CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
        # The shortest timeout of all that share these keys would win.
        "global_keyprefix": f"{CELERY_TASK_DEFAULT_QUEUE}:",
        "socket_connect_timeout": CELERY_BROKER_CONNECTION_TIMEOUT,
        "socket_timeout": ANSWER_SECONDS,
        "socket_keepalive": True,
        # A worker asks for a task each second; one that is not answered for so long connects anew.
        "health_check_interval": CELERY_BROKER_HEARTBEAT,
    }
elif CELERY_BROKER_URL.startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # A task counts as sent when RabbitMQ says that it has it.
        "confirm_publish": True,
        "read_timeout": ANSWER_SECONDS,
        "write_timeout": ANSWER_SECONDS,
    }

LOGGING_CONFIG = None
# A person who runs a command reads its sentences; the site, workers and beat tell their story line by line.
BY_HAND = Path(sys.argv[0]).name == "manage.py"
logs.configure(level=read_text("LOG_LEVEL", "ERROR" if BY_HAND else "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")))
