# The worker makes tokens and cannot reverse them; it opens the originals that it works on.

# "update" and not "create": encrypting to a missing key would create that key.
path "tokens/encrypt/convergent" { capabilities = ["update"] }

# Random and shaped tokens: an entry is made once and read by whoever knows its path, which takes the value. It is
# never listed, changed or deleted, and what leads back to a value is written and not read. The index's key also draws
# which pages are read again. The key of date offsets is the submitter's: they come sealed with the document.
path "tokens/encrypt/codes"              { capabilities = ["update"] }
path "tokens/hmac/code-index/sha2-256"   { capabilities = ["update"] }
path "codes/data/values/+"               { capabilities = ["create", "read"] }
path "codes/data/tokens/+"               { capabilities = ["create"] }

# Data keys of originals and intermediates, bound to tenant and document by the context.
path "storage/datakey/plaintext/documents" { capabilities = ["update"] }
path "storage/decrypt/documents"           { capabilities = ["update"] }

# Its own token: is it alive, renew it, end it.
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
