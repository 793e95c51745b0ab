"""Tokenized records as Parquet, where analysts already are: what the columns mean is in docs/analytics.md."""
