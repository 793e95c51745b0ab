"""Moves documents: decode, pipeline, store, broker, monitor, audit, command line."""

from importlib.metadata import version

__version__ = version("redoubt-gateway")
