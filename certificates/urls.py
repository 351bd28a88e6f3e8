"""Addresses of certificates. Those on paper and those of staff have no language in them; the holder's own do."""

from django.urls import path

from certificates import views

urlpatterns = [
    path("verify/", views.enter_code, name="verify_code"),
    path("verify/<str:code>/", views.verify, name="verify"),
    path("certificates/", views.certificate_list, name="certificates"),
    path("certificates/<uuid:uuid>/", views.certificate_detail, name="certificate"),
    path("certificates/<uuid:uuid>/revoke/", views.ask_for_revocation, name="certificate_revoke"),
]

in_a_language = [
    path("certificates/", views.my_certificates, name="my_certificates"),
    path("certificates/<uuid:uuid>/", views.my_certificate, name="my_certificate"),
    path("certificates/<uuid:uuid>/pdf/", views.certificate_pdf, name="certificate_pdf"),
    path("certificates/<uuid:uuid>/pdf/state/", views.certificate_pdf_state, name="certificate_pdf_state"),
]
