# Two commands do everything on a fresh machine with Python 3.11 or newer and make:
#   make demo    the main job, end to end, on the embedded broker and vault
#   make test    the tests that need no server of their own
# The others need what .ci/run installs, named in REDOUBT_TEST_KAFKA_LIBS and REDOUBT_TEST_S3.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-integration chaos scaling check eval desk pixels leakage bench bench-check sizing model picture lock clean
.DELETE_ON_ERROR:

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Redoubt needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/.ready
	$(BIN)/redoubt demo

test: .venv/.ready
	$(BIN)/python -m pytest -m "not kafka and not s3 and not tesseract and not charts and not charts_large and not browser"

test-integration: .venv/.ready
	$(BIN)/python -m pytest -m "kafka or s3"

chaos: .venv/.ready
	$(BIN)/python -m tests.chaos

scaling: .venv/.ready
	$(BIN)/python -m tests.bench.scaling

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What of text is found, beside Presidio; of ink; of everything, by the red team; and at what price.
eval: .venv/.ready
	$(BIN)/python -m tests.eval

# What a release desk gets, on charts with other people's pages and names among the patient's.
desk: .venv/.ready
	$(BIN)/python -m tests.eval.desk

pixels: .venv/.ready
	$(BIN)/python -m tests.pixels

leakage: .venv/.ready
	$(BIN)/python leakage-tests

bench: .venv/.ready
	$(BIN)/python -m tests.bench

# Counted work beside what was accepted last; --accept takes over what is there.
bench-check: .venv/.ready
	$(BIN)/python -m tests.bench.check

sizing: .venv/.ready
	$(BIN)/python -m tests.bench.sizing --markdown docs/sizing.md

# Minutes to an hour: the weights in detectors/model, made again from their seeds.
model: .venv/.ready
	$(BIN)/python -m detectors.model.train

picture: .venv/.ready
	$(BIN)/python -m streams.demo.picture

lock: .venv/.ready
	$(BIN)/uv pip compile pyproject.toml --extra demo --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
