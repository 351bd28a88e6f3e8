"""Wiring only: settings, addresses, the Celery app. No other app imports from here."""
