# Signs what is said of releases, with a key that nobody can read. Opens no document and makes no token.

path "attest/sign/releases" { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
