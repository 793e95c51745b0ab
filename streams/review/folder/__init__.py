"""Held copies of `redoubt redact`, finished without a broker: the folder, its log and its report."""
