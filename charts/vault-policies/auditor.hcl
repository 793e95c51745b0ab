# Reads who may do what. It may not encrypt either: with convergent tokens that would be a way to test guesses.

path "sys/policies/acl"           { capabilities = ["list"] }
path "sys/policies/acl/*"         { capabilities = ["read"] }
path "sys/mounts"                 { capabilities = ["read"] }
path "sys/audit"                  { capabilities = ["read", "sudo"] }
path "auth/approle/role"          { capabilities = ["list"] }
path "auth/approle/role/+"        { capabilities = ["read"] }
# Versions and settings of keys; symmetric key material is not in the answer.
path "tokens/keys/convergent"     { capabilities = ["read"] }
path "tokens/keys/date-offsets"   { capabilities = ["read"] }
path "tokens/keys/codes"          { capabilities = ["read"] }
path "tokens/keys/code-index"     { capabilities = ["read"] }
path "storage/keys/documents"     { capabilities = ["read"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
