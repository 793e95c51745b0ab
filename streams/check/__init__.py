"""Whether the redactions in a PDF that somebody else made hold: what they should hide, and is in the file all the same.

`covered` looks at what lies under boxes, marker and pictures (`covers`), also where it is drawn as `paths` or part of
`pictures`; `obscured_print` at mosaics and blur; `comments` at what is said of a box; `kept` at what the file keeps
besides what it shows, in `blocks` of drawings; `confined` runs them all in a process that is ended with the document.
"""
