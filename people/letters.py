"""The letters about an account, and the one that invites to have one, as they ship."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.wordings import LETTER, Part, Wording

SUBJECT, GREETING = _("Subject"), _("Greeting")

PASSWORD_RESET = Wording(
    key="people.password_reset",
    kind=LETTER,
    label=_("A new password was asked for"),
    parts=(
        Part("subject", SUBJECT, gettext_noop("Choose a new password"), most=150),
        Part("greeting", GREETING, gettext_noop("Dear %(name)s,"), most=200),
        Part(
            "link",
            _("What stands above the link"),
            gettext_noop(
                "someone, probably you, has asked for a new password for your account."
                " This link leads to the page where you choose it. It works once, for three days:"
            ),
        ),
        Part(
            "otherwise",
            _("What stands below the link"),
            gettext_noop("If it was not you, do nothing. Your password stays as it is."),
        ),
    ),
)

_HAPPENED = _("What happened")

SIGN_IN_CHANGED = Wording(
    key="people.sign_in_changed",
    kind=LETTER,
    label=_("The way to sign in was changed"),
    parts=(
        Part("subject", SUBJECT, gettext_noop("How you sign in was changed"), most=150),
        Part("greeting", GREETING, gettext_noop("Dear %(name)s,"), most=200),
        Part("password_changed", _HAPPENED, gettext_noop("The password of your account was changed.")),
        Part(
            "password_reset",
            _HAPPENED,
            gettext_noop("The password of your account was reset through a link in a letter."),
        ),
        Part("password_set", _HAPPENED, gettext_noop("Your account was given a password.")),
        Part(
            "recovery_codes_generated",
            _HAPPENED,
            gettext_noop("Your account was given new recovery codes. The old ones no longer work."),
        ),
        Part("totp_activated", _HAPPENED, gettext_noop("An authenticator app was added to your account.")),
        Part("totp_deactivated", _HAPPENED, gettext_noop("The authenticator app was removed from your account.")),
        Part("webauthn_added", _HAPPENED, gettext_noop("A passkey was added to your account.")),
        Part("webauthn_removed", _HAPPENED, gettext_noop("A passkey was removed from your account.")),
        Part("other", _HAPPENED, gettext_noop("The way you sign in was changed.")),
        Part(
            "otherwise",
            _("What to do"),
            gettext_noop(
                "If it was you, there is nothing to do."
                " If it was not, speak to the training office of your administration today."
            ),
        ),
    ),
)

INVITATION = Wording(
    key="people.invitation",
    kind=LETTER,
    label=_("A partner is invited"),
    parts=(
        Part("subject", SUBJECT, gettext_noop("An invitation to learn with %(administration)s"), most=150),
        Part("greeting", GREETING, gettext_noop("Dear %(name)s,"), most=200),
        Part(
            "body",
            _("Body of the letter"),
            gettext_noop(
                "%(administration)s invites you to its programmes for partners on integrity in customs.\n\n"
                "Choose a name and a password here, by %(expires)s:\n"
                "%(page)s\n\n"
                "Your access lasts through %(until)s. If you did not expect this letter, you need do nothing.\n"
            ),
            most=4000,
        ),
    ),
)
