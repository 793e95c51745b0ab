"""A document's way through the gateway: its pages read, decided, burned and attacked, by processes that all documents
share. It knows no broker, store or vault: what it needs of them stands in `parts`."""
