"""Scores of detectors of text, on labelled text that no detector was made from."""

import os

# As in a reading process: CPU seconds would count threads of the matrix library that spin beside each other.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
