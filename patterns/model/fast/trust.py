"""What every connection of the fast lane goes by: whom to trust with TLS, and how long it is kept."""

from __future__ import annotations

import os
from functools import cache
from ssl import SSLContext, create_default_context

IDLE = 30.0
"""Seconds that an idle connection is kept; providers close theirs after a minute or more."""


@cache
def authorities() -> SSLContext:
    """Whom to trust with TLS: those of SSL_CERT_FILE and SSL_CERT_DIR, else those that come with certifi."""
    import certifi

    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)
