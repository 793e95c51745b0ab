"""How the model is made: invented people and places, sentence patterns, damage, and the learning itself."""
