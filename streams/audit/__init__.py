"""The audit log: entries in their order, the Merkle tree over them, its signed heads, and proofs of both."""
