"""What holds in every installation. What differs is read from the environment in dev, test and production."""

from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import file_kinds
from elearning import places
from elearning.settings import environment as env

BASE_DIR = places.BASE_DIR
DATA_DIR = places.data_dir()

DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "elearning.urls"
WSGI_APPLICATION = "elearning.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "elearning",
    "reporting",
    "certificates",
    "cohorts",
    "courses",
    "quizzes",
    "oversight",
    "people",
    "core",
    "frontend",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page comes a third as large over a poor line. Tokens in it are masked, and Django pads what it compresses, so
    # that lengths tell nothing.
    "core.middleware.CompressionMiddleware",
    "core.middleware.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.middleware.AccountMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.DemonstrationMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "people.middleware.ExternalLearnerMiddleware",
    "core.middleware.AuthoringMiddleware",
    "people.middleware.OwnTimeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "people.context_processors.site",
            ],
        },
    }
]

# --- People and sign-in -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    # Django's own backend is its base; beside it, a staff number would be looked up as a UUID.
    "people.backends.StaffNumberOrEmailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("staff_number", "email", "full_name", "latin_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("my_learning")
SESSION_ENGINE = "people.sessions"
MESSAGE_STORAGE = "core.message_storage.MessageStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

# The sign-in library. Which of its pages there are stands in people.urls.
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "people.forms.LoginForm",
    "reauthenticate": "people.forms.ReauthenticateForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "reset_password_from_key": "people.forms.ResetPasswordKeyForm",
    "change_password": "people.forms.ChangePasswordForm",
    "set_password": "people.forms.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}  # the staff number is our backend's affair
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; its checks want it to agree with the line above
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # computers at border posts are shared: closing the browser signs out
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# The library's own generator would copy every address into a second table, where it would outlive a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# A whole class signs in at once from behind one address; guessing one account is slow wherever it comes from.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/300s/key"}
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "people.forms.AuthenticateForm",
    "reauthenticate": "people.forms.ReauthenticateCodeForm",
    "activate_totp": "people.forms.ActivateTOTPForm",
    "add_webauthn": "people.forms.AddPasskeyForm",
    "edit_webauthn": "people.forms.EditPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Plumbline"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are half a minute off; people.forms lets a code work once all the same

# --- Languages and time -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    # A further language is its code in the environment and a translation file; without one, pages speak English.
    *((code, LANG_INFO.get(code, {}).get("name", code)) for code in env.words("MORE_LANGUAGES")),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["elearning.formats"]
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files -----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
# npm's packages are served as they come, from a prefix of ours; none of them is copied into the repository.
STATICFILES_DIRS = [
    ("vendor/stimulus", BASE_DIR / "node_modules" / "@hotwired" / "stimulus" / "dist"),
    ("vendor/plex", BASE_DIR / "node_modules" / "@fontsource-variable" / "ibm-plex-sans" / "files"),
    ("vendor/plex-arabic", BASE_DIR / "node_modules" / "@fontsource" / "ibm-plex-sans-arabic" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Certificates and whatever else is handed out only after a check of rights: never under a public address.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None},
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# --- Headers ----------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews its own pages in a frame
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/cms/",),  # has a policy of its own: core.middleware
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "accelerometer")
}

# --- Queue, cache and mail --------------------------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHE_URL = env.text("CACHE_URL") or REDIS_URL
CACHES = {"default": env.cache(CACHE_URL)}
# One traceback for each miss would bury the log; the supervisor tells of a cache that is down.
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = False
CELERY_BROKER_URL = REDIS_URL
# Why each of these: docs/decisions, “Grading that loses nothing”.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    # Who rings from a request waits under a second, with the one retry, also for a broker that accepts and never
    # answers. Workers are more patient: elearning.celery_app.
    "socket_timeout": 0.3,
    "socket_connect_timeout": 0.3,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "global_keyprefix": "plumbline:",
}
# Connections are kept from task to task, as elearning.celery_app says.
CELERY_DB_REUSE_MAX = 10**9
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 50
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "ring-ungraded-attempts": {"task": "quizzes.tasks.sweep", "schedule": 30.0},
    "carry-on-questions": {"task": "quizzes.tasks.sweep_questions", "schedule": 60.0},
    "clear-unconfirmed-questions": {"task": "quizzes.tasks.clear_questions", "schedule": 86_400.0},
    "clear-unnamed-answer-files": {"task": "quizzes.tasks.clear_answer_files", "schedule": 86_400.0},
    "carry-on-regrade-previews": {"task": "quizzes.tasks.sweep_previews", "schedule": 60.0},
    "carry-on-analyses": {"task": "quizzes.tasks.sweep_analyses", "schedule": 60.0},
    "tell-reporters": {"task": "quizzes.tasks.tell_reporters", "schedule": 60.0},
    "tell-of-deadlines": {"task": "quizzes.tasks.tell_of_deadlines", "schedule": 900.0},
    "let-go-of-outcomes": {"task": "quizzes.tasks.let_go_of_outcomes", "schedule": 86_400.0},
    "tell-of-marking": {"task": "quizzes.tasks.tell_of_marking", "schedule": 3600.0},
    "carry-on-moving-cohorts": {"task": "cohorts.tasks.sweep", "schedule": 60.0},
    "remind-of-last-days": {"task": "cohorts.tasks.remind_of_last_days", "schedule": 900.0},
    "issue-missing-certificates": {"task": "certificates.tasks.sweep", "schedule": 60.0},
    "deliver-letters": {"task": "core.tasks.deliver_waiting_mail", "schedule": 15.0},
    "clear-old-letters": {"task": "core.tasks.clear_sent_mail", "schedule": 86_400.0},
    "carry-on-arrivals": {"task": "courses.tasks.sweep_arrivals", "schedule": 60.0},
    "clear-unconfirmed-arrivals": {"task": "courses.tasks.clear_arrivals", "schedule": 86_400.0},
    "check-all-links": {"task": "courses.tasks.check_all_links", "schedule": 604_800.0},
    "carry-on-asking-addresses": {"task": "courses.tasks.sweep_addresses", "schedule": 300.0},
    "clear-unanswered-invitations": {"task": "people.tasks.clear_unanswered_invitations", "schedule": 86_400.0},
    "publish-scheduled-pages": {"task": "courses.tasks.publish_scheduled", "schedule": 60.0},
    "expire-four-eyes-requests": {"task": "oversight.tasks.expire_requests", "schedule": 300.0},
}
# Whatever sends a letter by Django's own means (Wagtail's workflow and comments) writes it into the outbox.
EMAIL_BACKEND = "core.mail_backend.OutboxBackend"
# What the outbox delivers by.
DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "plumbline@localhost")

# --- Wagtail ----------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Plumbline"
WAGTAILADMIN_BASE_URL = env.text("SITE_URL", "http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.publishing.publish_reviewed"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True  # what was approved is what is published
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False  # whoever runs the machine has no right to content
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILEMBEDS_FINDERS = []  # nothing an author pastes makes the server fetch an address
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = None
# A page that was copied for translation holds the source's words: it stays a draft until somebody publishes it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# What authors may bring, and how it is looked at before it is kept: core.file_kinds, core.uploads.
WAGTAILIMAGES_EXTENSIONS = file_kinds.PICTURES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.upload_forms.PictureForm"
WAGTAILDOCS_EXTENSIONS = file_kinds.DOCUMENTS
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.upload_forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = max(kind.max_bytes for kind in file_kinds.KINDS.values())  # each kind has its own below

# --- Plumbline --------------------------------------------------------------------------------------------------

# The address that certificates carry in their QR code and letters link to.
SITE_URL = WAGTAILADMIN_BASE_URL
# Accounts with published passwords, for trying the platform on one machine. Production refuses to start with it.
DEMONSTRATION = False
# The entries of every page's head, by the name of their page. `signed_in`: not for visitors; `roles`: for these alone.
NAVIGATION = [
    {"url_name": "my_learning", "label": _("My learning"), "signed_in": True},
    {"url_name": "my_certificates", "label": _("My certificates"), "signed_in": True},
    {"url_name": "catalogue", "label": _("Catalogue")},
    {
        "url_name": "oversight:requests",
        "label": _("Requests"),
        "roles": ["training_manager", "certifying_officer", "auditor", "legal_reviewer"],
    },
    {"url_name": "find_past_day", "label": _("Past days"), "roles": ["auditor"]},
    {"url_name": "certificates", "label": _("Certificates"), "roles": ["certifying_officer", "auditor"]},
    {"url_name": "appeals", "label": _("Appeals"), "roles": ["certifying_officer"]},
    {"url_name": "question_cases", "label": _("Reported questions"), "roles": ["author", "subject_reviewer"]},
    {"url_name": "dashboard", "label": _("Dashboard"), "roles": ["training_manager", "tutor", "auditor"]},
    {"url_name": "marking", "label": pgettext_lazy("of answers", "Marking"), "roles": ["tutor", "assessor"]},
    {"url_name": "name_markers", "label": _("Name markers"), "roles": ["training_manager"]},
    {"url_name": "overdue_answers", "label": _("Overdue answers"), "roles": ["training_manager"]},
    {"url_name": "officer_import", "label": _("Officers"), "roles": ["training_manager"]},
    {"url_name": "working_calendar", "label": _("Working days"), "roles": ["training_manager"]},
    {"url_name": "partners", "label": _("Partners"), "roles": ["training_manager"]},
    {"url_name": "national_texts", "label": _("National texts"), "roles": ["training_manager"]},
    {"url_name": "corrections", "label": _("Corrections"), "roles": ["legal_reviewer"]},
    {
        "url_name": "wagtailadmin_home",
        "label": _("Authoring"),
        "roles": ["author", "subject_reviewer", "legal_reviewer"],
    },
]
# The pages that exist for partners from outside, by the names under which requests know them. Wagtail's are looked at
# one by one (courses.wagtail_hooks); of what learners have, it is their own.
OPEN_TO_EXTERNAL_LEARNERS = {
    "account_change_password",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "calendar_feed",
    "catalogue",
    "certificate_pdf",
    "certificate_pdf_state",
    "choose_language",
    "choose_line",
    "close_feed",
    "demonstration_mail",
    "django.views.static.serve",
    "healthz",
    "join",
    "kept_file",
    "learn",
    "learn_bookmark",
    "learn_done",
    "learn_start",
    "learn_write",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "my_certificate",
    "my_accommodation",
    "my_certificates",
    "my_dates",
    "my_disputes",
    "my_learning",
    "my_writing",
    "my_writing_file",
    "my_writing_forget",
    "open_feed",
    "partner_catalogue",
    "pocket_card",
    "quiz_appeal",
    "quiz_check",
    "quiz_paper",
    "quiz_question",
    "quiz_result",
    "quiz_state",
    "quiz_submit",
    "readyz",
    "report_question",
    "verify",
    "verify_code",
    "wagtail_serve",
    "wagtaildocs_serve",
    "withdraw_appeal",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Wagtail tells of every page saved and every index touched, and Celery twice of every task that went well; their
    # own entries and rows keep what matters.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("wagtail", "django_tasks", "celery.worker.strategy", "celery.app.trace")
    },
}
