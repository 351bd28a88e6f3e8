"""The WSGI application for a web server's own child processes, which end with the process that made them.

Without the tie, children of a web server that was killed would go on answering at its port, with yesterday's code.
"""

import signal

from elearning.embedded.tied import end_with_parent
from elearning.wsgi import application

__all__ = ["application"]

end_with_parent(signal.SIGTERM)
