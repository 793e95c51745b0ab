"""Everything that talks to the broker."""

import logging

LOG = logging.getLogger("redoubt.librdkafka")
"""Where the client library's own words go: otherwise it prints them, addresses and all, to stderr."""
