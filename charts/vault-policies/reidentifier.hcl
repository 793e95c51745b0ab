# Turns tokens back, which is a right of its own. No originals, no making of tokens.

path "tokens/decrypt/convergent" { capabilities = ["update"] }
# Which versions there are; symmetric key material is not in the answer.
path "tokens/keys/convergent"    { capabilities = ["read"] }

# Random and shaped tokens: the entry that a token leads to. The one that a value leads to, it cannot read.
path "tokens/decrypt/codes"            { capabilities = ["update"] }
path "tokens/hmac/code-index/sha2-256" { capabilities = ["update"] }
path "codes/data/tokens/+"             { capabilities = ["read"] }

# How many tokens each person has turned back, and emergencies that wait for a second person.
path "codes/data/turned-back/+" { capabilities = ["create", "read", "update"] }
path "codes/data/emergencies/+" { capabilities = ["create", "read", "update"] }

path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self"  { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
