"""One course in many languages: what is translated, what has gone stale, who works on it, and how it travels.

docs/decisions/0009-translation-status.md says why this stands beside wagtail-localize and not on it.
"""
