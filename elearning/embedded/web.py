"""The WSGI application for a web server's own child processes, which end with the process that made them.

Without the tie, children of a web server that was killed would go on answering at its port, with yesterday's code.
"""

import signal

from django.http import HttpResponse

from elearning import wsgi
from elearning.embedded.tied import end_with_parent

end_with_parent(signal.SIGTERM)


def application(environ, start_response):
    """A page that is whole is handed over as bytes: what Django itself returns is something to ask part by part, for
    which the server takes a way through one of its own threads each time.
    """
    response = wsgi.application(environ, start_response)
    if not isinstance(response, HttpResponse):
        return response
    try:
        return [response.content]
    finally:
        response.close()
