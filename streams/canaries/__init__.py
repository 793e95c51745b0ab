"""Synthetic documents and the leak check. Detectors, policies and every stage through validate are blind to them."""
