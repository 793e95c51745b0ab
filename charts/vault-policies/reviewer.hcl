# Looks at a held copy and decides. Opens what is sealed in the PHI zone, makes no data key and no token.

path "storage/decrypt/documents" { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
