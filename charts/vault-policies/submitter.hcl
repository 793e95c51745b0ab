# Whoever hands documents in seals them under a new data key and can open no other.

path "storage/datakey/plaintext/documents" { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
