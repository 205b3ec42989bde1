# `make run` and `make test` do everything; nothing has to be installed or started before.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=

.PHONY: setup run test check-sources check-behaviour test-thorough bench bench-growth overload conformance test-console format release-schema docs lock clean

setup: $(INSTALLED)  ## install everything into .venv

$(INSTALLED): requirements-setup.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## serve the demonstration organization
	$(BIN)/allround serve --demo --host $(HOST) --port $(PORT) $(ARGS)

test: setup  ## every check: format, lint, types, architecture, tests
	@$(MAKE) --no-print-directory --jobs=2 check-sources check-behaviour

check-sources: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check-behaviour: setup
	$(BIN)/pytest $(ARGS)

test-thorough: setup  ## all tests, the long ones too, each law tried several times as often
	ALLROUND_TEST_THOROUGHNESS=4 $(BIN)/pytest -m '' $(ARGS)

bench: setup  ## measure beside the peers; needs Node.js and npm; ARGS=--quick for a minute's worth
	$(BIN)/python -m bench.run $(ARGS)

conformance: setup  ## programs that others wrote against a served Allround; needs Node.js and npm
	$(BIN)/python -m tests.conformance $(ARGS)

bench-growth: setup  ## what a request costs at 10,000, 100,000 and 1,000,000 people; takes 7 GB for a quarter of an hour
	$(BIN)/python -m bench.growth $(ARGS)

overload: setup  ## ask ten times what can be answered, for half a minute; fails when a target is missed
	$(BIN)/python -m bench.overload $(ARGS)

test-console: setup  ## the API console in headless Chromium; needs chromium and chromium-driver
	$(BIN)/pytest browser $(ARGS)

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

release-schema: setup  ## make the schema the released one, unless it breaks what was released without a warning
	$(BIN)/allround schema-diff
	$(BIN)/allround schema > schema/released.graphql

docs: setup  ## print the pages that are printed from the code
	$(BIN)/python -m docs.generate

lock: setup  ## resolve the dependencies anew, with hashes
	echo uv | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 - -o requirements-setup.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	echo ariadne-codegen | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 - -o tests/conformance/requirements-ariadne-codegen.lock
	printf 'schemathesis\nhypothesis-graphql\n' | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 - -o tests/conformance/requirements-fuzzing.lock

clean:
	rm -rf .venv .allround
