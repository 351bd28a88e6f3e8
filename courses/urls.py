from django.urls import path

from courses import correction_views, national_views, views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("corrections/", correction_views.correction_list, name="corrections"),
    path("corrections/new/", correction_views.propose_correction, name="propose_correction"),
    path("national-texts/", national_views.national_texts, name="national_texts"),
    path("national-texts/<slug:slot>/<slug:language>/", national_views.national_text, name="national_text"),
    path("catalogue/partners/", views.partner_catalogue, name="partner_catalogue"),
]
