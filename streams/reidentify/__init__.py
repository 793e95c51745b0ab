"""Tokens turned back for people who may: who somebody is, what they may, how much, and that it is on record before."""
