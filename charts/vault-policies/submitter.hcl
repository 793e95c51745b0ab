# Whoever hands documents in seals them under a new data key and can open no other. It knows their patients, so it
# alone has their date offsets derived, and seals each into the patient's document.

path "storage/datakey/plaintext/documents" { capabilities = ["update"] }
path "tokens/hmac/date-offsets/sha2-256"   { capabilities = ["update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
