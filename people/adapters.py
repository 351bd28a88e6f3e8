"""How the sign-in library behaves here: no self sign-up, letters through the outbox, secrets encrypted."""

import base64
import io
import logging
import secrets
import time

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import languages, mail, wordings
from people import letters
from people.backends import may_answer

logger = logging.getLogger(__name__)

# The library's names of its letters: of the one with the link, and of those that report what happened to an account.
RESET = "account/email/password_reset_key"
HAPPENINGS = ("account/email/", "mfa/email/")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This staff number or e-mail and this password do not belong together. Check both and try again."
        ),
        "incorrect_password": _("This is not your password. Try again."),
        "enter_current_password": _("This is not your present password. Try again."),
        "too_many_login_attempts": _("There were too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("There were too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        """Accounts come from the administration."""
        return False

    def pre_login(self, request, user, **kwargs):
        """The last check before any way of signing in, passkeys included, which pass by our backend."""
        if not may_answer(user, request):
            raise PermissionDenied
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, **kwargs):
        """Goes on in the person's language, unless another was chosen in this browser before."""
        language = languages.supported(user.language)
        chosen_before = languages.supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
        if language is None or chosen_before:
            return super().post_login(request, user, **kwargs)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = super().post_login(request, user, **kwargs)
        remember_language(response, language)
        return response

    def reauthenticate(self, user, password):
        """One person, one account, one password: the library would look the account up again by a name."""
        return user.check_password(password)

    def is_reauthentication_required(self, *, app, **kwargs):
        """A sign-in of the last minutes proves as much as entering the password again would."""
        user = self.request.user
        records = get_authentication_records(self.request, user) if user.is_authenticated else []
        if records and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reset_password_from_key_url(self, key):
        """A link in a letter leads to the address in the settings, never to one that a request claims."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix, email, context):
        """The letter with the link to a new password; the settings allow the library no other of its own."""
        if template_prefix != RESET:
            return super().send_mail(template_prefix, email, context)
        self._write(letters.PASSWORD_RESET, ("greeting", "link", "otherwise"), email, context)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tells the owner what has changed, at the account's own address if it has one.

        The library keeps a second list of addresses; we keep none.
        """
        if user.email:
            happened = next((template_prefix.removeprefix(p) for p in HAPPENINGS if template_prefix.startswith(p)), "")
            if letters.SIGN_IN_CHANGED.part(happened) is None:
                happened = "other"
            self._write(letters.SIGN_IN_CHANGED, ("greeting", happened, "otherwise"), user.email, {"user": user})

    def _write(self, wording, parts, email, context):
        """Into the outbox, in the language of the person it is for and the words of their administration.

        The link, where there is one, stands in a paragraph of its own below the part of that name.
        """
        user = context["user"]
        said = wordings.spoken(
            wording, user.administration_id, languages.supported(user.language) or translation.get_language()
        )
        paragraphs = []
        for name in parts:
            paragraphs.append(said.filled(name, name=user.full_name))
            if name == "link":
                paragraphs.append(context["password_reset_url"])
        body = "\n\n".join(paragraphs) + "\n"
        mail.write(email, said.language, said.filled("subject", name=user.full_name), body, timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code does not fit. Codes change every 30 seconds and work once: wait for the next and try again."
        ),
    }

    def get_totp_label(self, user):
        """What the authenticator app shows beside the code; never more about the person than she types to sign in."""
        return f"{user.administration.code}/{user.staff_number}"

    def get_public_key_credential_user_entity(self, user):
        return super().get_public_key_credential_user_entity(user) | {"name": self.get_totp_label(user)}

    def generate_authenticator_name(self, user, type):
        """A name for a key whose owner gives it none."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Key %(number)d") % {"number": number}

    def build_totp_svg(self, url):
        """Dark on white with its quiet zone, in the dark theme too: cameras want it so."""
        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=4, dark="#000", light="#fff")
        return drawing.getvalue().decode()

    def encrypt(self, text):
        """Secrets that make codes are not readable in a copy of the database alone."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The secret, or one that nobody knows when the key is gone: then no code fits, and the log says why."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("A second factor was encrypted under another SECRET_KEY; put it into SECRET_KEY_FALLBACKS.")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def remember_language(response, language):
    """Keep a language for this browser, as Django's own view does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _cipher():
    """Encrypts under today's key, reads under yesterday's too."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(salted_hmac("people.second_factor", "", key, algorithm="sha256").digest()))
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    )
