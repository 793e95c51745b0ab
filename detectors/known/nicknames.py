"""Short forms that records use for a full name; the lexicon's own names do the rest."""

from __future__ import annotations

from typing import Final

NICKNAMES: Final = {
    "william": ("bill", "will", "billy", "liam"), "robert": ("bob", "rob", "bobby"),
    "richard": ("rick", "dick", "rich"),
    "james": ("jim", "jimmy", "jamie"), "john": ("jack", "johnny"), "michael": ("mike", "mick"), "thomas": ("tom",),
    "joseph": ("joe", "joey"), "charles": ("charlie", "chuck"), "christopher": ("chris",), "daniel": ("dan", "danny"),
    "matthew": ("matt",), "anthony": ("tony",), "edward": ("ed", "eddie", "ted"),
    "margaret": ("peggy", "maggie", "meg"),
    "elizabeth": ("liz", "beth", "betty", "lisa", "eliza"), "katherine": ("kate", "kathy", "katie"),
    "catherine": ("cathy", "kate"), "patricia": ("pat", "patty", "trish"), "jennifer": ("jen", "jenny"),
    "susan": ("sue", "susie"), "deborah": ("deb", "debbie"), "rebecca": ("becky",), "victoria": ("vicky",),
    "samuel": ("sam",), "benjamin": ("ben",), "alexander": ("alex",), "alexandra": ("alex",), "nicholas": ("nick",),
    "andrew": ("andy", "drew"), "steven": ("steve",), "stephen": ("steve",), "kenneth": ("ken",), "timothy": ("tim",),
    "gregory": ("greg",), "lawrence": ("larry",), "frederick": ("fred",), "francisco": ("paco",), "theresa": ("terry",),
}  # fmt: skip
