"""Chaos: the whole gateway on real servers while they are killed, frozen, sealed and filled; then a ledger is kept."""
