"""Addresses for signing in, the language, the import of officers, partners and the administration's calendar.

Of the library's pages only those that we use: no sign-up, no list of e-mail addresses, no codes by letter.
"""

from allauth.account import views as account
from django.urls import include, path, re_path

from people import account_views, calendar_views, holiday_import_views, partner_views, views

urlpatterns = [
    path("accounts/login/", account_views.SignInView.as_view(), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("language/<str:code>/", account_views.choose_language, name="choose_language"),
    path("line/<str:choice>/", account_views.choose_line, name="choose_line"),
    path("people/import/", views.upload_officers, name="officer_import"),
    path("people/import/example.csv", views.example_file, name="officer_import_example"),
    path("people/import/<uuid:token>/", views.confirm_officers, name="officer_import_confirm"),
    path("partners/", partner_views.partners, name="partners"),
    path("partners/invite/", partner_views.invite_partner, name="invite_partner"),
    path("partners/<uuid:invitation>/", partner_views.partner, name="partner"),
    path("partners/<uuid:invitation>/withdraw/", partner_views.withdraw_invitation, name="withdraw_invitation"),
    path("join/<str:token>/", partner_views.join, name="join"),
    path("administration/calendar/", calendar_views.working_calendar, name="working_calendar"),
    path("administration/calendar/week/", calendar_views.working_week, name="working_week"),
    path("administration/calendar/second/", calendar_views.second_calendar, name="second_calendar"),
    path("administration/calendar/holidays/new/", calendar_views.add_holiday, name="add_holiday"),
    path("administration/calendar/holidays/import/", holiday_import_views.upload, name="holiday_import"),
    path("administration/calendar/holidays/import/example.csv", holiday_import_views.example, name="holiday_example"),
    path(
        "administration/calendar/holidays/import/<uuid:token>/",
        holiday_import_views.confirm,
        name="holiday_import_confirm",
    ),
    path("administration/calendar/holidays/<uuid:holiday>/", calendar_views.change_holiday, name="change_holiday"),
    path(
        "administration/calendar/holidays/<uuid:holiday>/remove/",
        calendar_views.remove_holiday,
        name="remove_holiday",
    ),
]
