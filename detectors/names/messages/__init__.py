"""Names in messages, questions and shorthand, where neither capitals nor titles tell them."""
