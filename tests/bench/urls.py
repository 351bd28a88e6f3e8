from django.urls import path

from elearning.urls import urlpatterns as measured
from tests.bench.floor import floor

urlpatterns = [path("floor/<int:size>/", floor), *measured]
