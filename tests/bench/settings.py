"""The installation that is measured: the one that `make run` starts, with a floor and a query counter beside it."""

from elearning.settings.dev import *  # noqa: F403
from elearning.settings.dev import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.floor.CountQueries", *MIDDLEWARE]
