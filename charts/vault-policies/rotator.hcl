# Makes new key versions and carries wrapped data keys over to them. Sees no plaintext and deletes nothing:
# a key's config (exportable, deletion_allowed) stays out of reach.

path "tokens/keys/convergent/rotate"  { capabilities = ["update"] }
# Carries exported tokens over to a new version, without the identifiers.
path "tokens/rewrap/convergent"       { capabilities = ["update"] }
path "tokens/keys/convergent"         { capabilities = ["read"] }
path "storage/keys/documents/rotate"  { capabilities = ["update"] }
path "storage/rewrap/documents"       { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
