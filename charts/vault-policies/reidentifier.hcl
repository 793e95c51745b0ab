# Turns tokens back, which is a right of its own. No originals, no making of tokens.

path "tokens/decrypt/convergent" { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
