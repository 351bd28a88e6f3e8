"""Pages are served through WSGI."""

import os

from django.core.wsgi import get_wsgi_application

from elearning.collecting import search_less

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")
application = get_wsgi_application()
search_less()
