# Everything that a newcomer and continuous integration need. `make help` lists it.
# Nothing but Python 3.11, 3.12 or 3.13 and a shell is needed; all else goes into .venv here.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# An activated environment of something else must not get in.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON := .venv/bin/python
READY := .venv/.ready
JOBS ?= 5
ASSIGNMENT ?= p2p_communication
MINUTES ?= 10
BUSY ?= 0

.PHONY: help venv demo test lint types unit simulator cases nightly release verify repeat busy hostile worst killed soak fuzz sites agreement authoring interop pythons hosted bench screenshots docs links lock wheel clean

help:  ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

venv: $(READY)  ## make .venv from the lock file

# Scripts in .venv/bin begin with a path that must not hold spaces, so everything is called as a module.
$(READY): requirements.lock pyproject.toml
	@python=$$(for name in python3.11 python3.12 python3.13 python3 python; do \
	    command -v $$name >/dev/null && $$name -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    2>/dev/null && echo $$name && break; done); \
	if [ -z "$$python" ]; then \
	    echo "No Python 3.11, 3.12 or 3.13 with the venv module was found. Install one of them (on Debian and Ubuntu also the package python3-venv), then run make again." >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$python --version). The first time this takes a few minutes."; \
	rm -rf .venv && $$python -m venv .venv
	@$(PYTHON) -m pip install --quiet --use-pep517 --require-hashes --requirement requirements.lock
	@$(PYTHON) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)  ## grade a sample class over the whole course, from nothing to tables and pages
	@$(PYTHON) -m autograder demo

test: $(READY)  ## everything that continuous integration runs
	@# Lint and types keep one core busy, the fast tests both.
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types unit
	@$(MAKE) --no-print-directory simulator

lint: $(READY)  ## ruff: rules and format
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .

types: $(READY)  ## mypy, strict: the package, its tests and their tools
	@$(PYTHON) -m mypy

# In any locale, tests read and write what the course consists of: UTF-8.
unit simulator cases killed: export PYTHONUTF8 := 1

unit: $(READY)  ## the fast tests
	@$(PYTHON) -m pytest -q -n 2

# Tests of a file share what they prepare, such as a graded class, so one process takes them all; submissions of the
# corpus go to whichever is free. What takes long begins first. The collection of the fast tests would only cost time.
SHARED := -n $(JOBS) --dist loadfile --no-loadscope-reorder tests/simulator tests/services tests/corpus tests/authoring

simulator: $(READY)  ## the tests that run simulators, kernels, nbgrader and a browser
	@$(PYTHON) -m pytest -q -m "simulator or slow" $(SHARED)

cases: $(READY)  ## all cases of the tests of which a test run plays a sample
	@$(PYTHON) -m pytest -q -m sampled --all-cases $(SHARED)

nightly: cases busy hostile worst killed agreement sites authoring pythons hosted soak fuzz  ## what takes hours, of which every test run takes a sample; go on after a failure: make -k nightly

release: $(READY)  ## generate release/ from source/
	@$(PYTHON) -m autograder release

verify: $(READY)  ## is release/ what source/ gives, and nothing in it that must not be?
	@$(PYTHON) -m autograder verify

repeat: $(READY)  ## grade the model answer a hundred times, eight at once
	@$(PYTHON) -m autograder repeat $(ASSIGNMENT) --times 100 --jobs 8

busy: $(READY)  ## the same as repeat, while all cores are kept busy with something else
	@$(PYTHON) -m autograder repeat $(ASSIGNMENT) --times 100 --jobs 24 --busy

killed: $(READY)  ## kill a grader at each single change of its files
	@AUTOGRADER_CRASH_POINTS=0 $(PYTHON) -m pytest -q -m slow --timeout 0 tests/services/nothing_lost/test_killed.py

hostile: $(READY)  ## grade every hostile submission, and print what came of each; beside other work: make hostile BUSY=4
	@$(PYTHON) -m tests.corpus.hostile --busy $(BUSY)

worst: $(READY)  ## grade a class of the costliest submissions, and print what each costs
	@$(PYTHON) -m tests.corpus.hostile.worst

soak: $(READY)  ## grade at random, with more at once than there are cores: make soak MINUTES=10
	@$(PYTHON) -m tests.tools.soak --minutes $(MINUTES)

fuzz: $(READY)  ## try what reads strangers' bytes on bytes at random: make fuzz MINUTES=10
	@$(PYTHON) -m tests.tools.fuzz --minutes $(MINUTES)

sites: $(READY)  ## grade every mistake at a single site with twenty seeds: each has one verdict
	@$(PYTHON) -m tests.corpus.one_site

authoring: $(READY)  ## grade five assignments of other kinds 100 times, and 20 times beside other work
	@$(PYTHON) -m tests.authoring

agreement: $(READY)  ## compare own check and grading for every submission of the corpus, and write docs/agreement.md
	@$(PYTHON) -m tests.corpus.agreement

interop: $(READY)  ## let NVFlare's own consensus be a neighbour of the model answer's; needs PyTorch, in an environment of its own
	@$(PYTHON) -m tests.tools.interop

pythons: $(READY)  ## fast tests under the other versions of Python that are found here, each in an environment of its own
	@$(PYTHON) -m tests.tools.pythons

hosted: $(READY)  ## a student's work in a kernel with the old versions that notebooks on the web have
	@$(PYTHON) -m tests.tools.hosted

screenshots: $(READY)  ## make the pictures in docs/pictures/ anew, in a real browser
	@$(PYTHON) -m tests.services.browser.screenshots

docs: $(READY)  ## build the documentation into docs/_build/html, and check what it says and where it links to
	@$(PYTHON) -m sphinx -W --keep-going -E -q -b html -d docs/_build/doctrees docs docs/_build/html
	@$(PYTHON) -m pytest -q -m "slow or not slow" tests/unit/docs tests/services/docs/test_docs.py
	@$(PYTHON) -m pytest -q tests/unit/docs/built_site.py
	@echo "docs/_build/html/index.html is the first page."

links: $(READY)  ## ask other servers whether the pages are there that the documentation links to
	@$(PYTHON) -m sphinx --keep-going -E -q -b linkcheck -d docs/_build/doctrees-links docs docs/_build/links

bench: $(READY)  ## measure how fast it is, and write docs/performance.md; takes a while, on an idle machine
	@$(PYTHON) -m tests.tools.bench

lock: $(READY)  ## bring requirements.lock up to date with pyproject.toml
	@$(PYTHON) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock

wheel: $(READY)  ## the package for students, in dist/
	@$(PYTHON) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist

clean:  ## remove everything that was made here
	rm -rf .venv .venv-interop .venv-3.* .venv-hosted dist demo .mypy_cache .ruff_cache .pytest_cache *.egg-info
