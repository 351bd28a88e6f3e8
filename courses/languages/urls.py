"""The translators' addresses, under Wagtail's own."""

from django.urls import path

from courses.languages.exchange_views import ExchangeView, ImportView
from courses.languages.views import BoardView, DeskView, GlossaryView, InboxView

urlpatterns = [
    path("translations/", InboxView.as_view(), name="translations"),
    path("translations/<slug:kind>/<uuid:key>/<slug:language>/", DeskView.as_view(), name="translate"),
    path("courses/<int:page>/languages/", BoardView.as_view(), name="translation_board"),
    path("courses/<int:page>/languages/glossary/", GlossaryView.as_view(), name="translation_glossary"),
    path("courses/<int:page>/languages/files/", ExchangeView.as_view(), name="translation_files"),
    path("courses/<int:page>/languages/files/<uuid:token>/", ImportView.as_view(), name="translation_import"),
]
