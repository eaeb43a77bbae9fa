# Two commands do everything: `make course` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
ENVIRONMENT := $(VENV)/.installed
ASSIGNMENTS := $(patsubst solutions/%.py,%,$(wildcard solutions/*.py))
SAMPLE := build/sample
CODE := $(shell find autograder -name "*.py")
GRADER := $(CODE) $(wildcard autograder/pages/templates/* solutions/*.py)
ASSIGNMENT ?= pooling
SUBMITTED ?= submitted
OUTPUT ?= .
export JUPYTER_PLATFORM_DIRS := 1

.DEFAULT_GOAL := help
include book/book.mk
-include book/experiments/experiments.mk

.PHONY: help course environment lock sandbox browser release handout sample grade test test-whole test-fast lint lab mutants difficulty bench image clean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  \1\t/' | expand -t 18

course: environment sandbox release book sample  ## environment, book, exercises, a sample class graded
	@echo
	@echo "Read:   $(CURDIR)/$(BOOK_HTML)/index.html   (or: make serve)"
	@echo "Work:   make lab, then open exercises/pooling/pooling.ipynb"
	@echo "Grade:  $(CURDIR)/$(SAMPLE)/report-pooling.html   (the sample class; feedback pages beside it)"

environment: $(ENVIRONMENT)  ## create .venv from requirements.txt

$(ENVIRONMENT): requirements.txt setup.sh
	@PYTHON=$(PYTHON) sh setup.sh environment $(VENV)
	@touch $@

lock: environment  ## write requirements.txt anew from pyproject.toml (LOCK_OPTIONS=--upgrade for newer versions)
	$(VENV)/bin/uv pip compile --quiet $(LOCK_OPTIONS) pyproject.toml --output-file requirements.txt

sandbox:
	@sh setup.sh system bwrap bubblewrap libseccomp2

browser:
	@sh setup.sh system chromium-headless-shell chromium-headless-shell || command -v chromium
	@sh setup.sh system firefox-esr firefox-esr || command -v firefox
	@sh setup.sh system Xvfb --no-install-recommends xvfb
	@sh setup.sh system WebKitWebDriver --no-install-recommends webkit2gtk-driver

release: $(ASSIGNMENTS:%=build/released/%) build/released/unscored  ## make the students' notebooks from solutions/

build/released/%: solutions/%.py $(CODE) $(ENVIRONMENT)
	@$(PY) -m autograder release $*
	@mkdir -p $(@D) && touch $@

build/released/unscored: $(wildcard solutions/unscored/*.py) $(CODE) $(ENVIRONMENT)
	@$(PY) -m autograder.gradebook.unscored
	@mkdir -p $(@D) && touch $@

handout: release  ## what students get, as one archive: build/handout
	@$(PY) -m autograder.handout

sample: $(SAMPLE)/.graded  ## grade the bundled sample class into build/sample
	@$(PY) -m autograder summary --output $(SAMPLE)

CLASS := $(shell find sample_class -name "*.py")

$(SAMPLE)/.graded: $(GRADER) $(CLASS) $(ENVIRONMENT)
	@$(PY) -m sample_class $(SAMPLE)/submitted
	@for name in $(ASSIGNMENTS); do echo "grading the sample class: $$name"; \
	  $(PY) -m autograder grade $$name --submitted $(SAMPLE)/submitted --output $(SAMPLE) >/dev/null || exit 1; done
	@touch $@

grade: environment sandbox  ## grade a class: make grade ASSIGNMENT=pooling SUBMITTED=submitted OUTPUT=.
	$(PY) -m autograder grade $(ASSIGNMENT) --submitted $(SUBMITTED) --output $(OUTPUT)

# In the order of tests/conftest.py, not in that of how many tests a file has.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

test: environment sandbox browser  ## run every test
	$(PY) -m pytest $(SIDE_BY_SIDE)

test-whole: environment sandbox browser  ## run every test on all that test samples
	WHOLE=1 $(PY) -m pytest $(SIDE_BY_SIDE)

# What needs no browser, no training and none of nbgrader's processes.
FAST := tests/criteria/test_judges.py tests/doors/test_checking.py tests/doors/test_drawing.py tests/doors/test_notebook.py \
  tests/doors/test_kernel.py tests/doors/test_lacking.py \
  tests/doors/test_portable.py tests/doors/test_run.py tests/house/test_architecture.py tests/house/test_doctests.py \
  tests/criteria/test_every_criterion_earns_its_place.py tests/judging/test_examiner.py tests/judging/test_grading.py \
  tests/judging/test_verdicts.py tests/pages tests/sandbox

test-fast: environment sandbox  ## run what needs no browser, no training and none of nbgrader's processes
	$(PY) -m pytest $(SIDE_BY_SIDE) $(FAST)

lint: environment  ## check style and types
	$(VENV)/bin/ruff check . && $(PY) -m mypy

lab: environment  ## open the notebooks in JupyterLab
	$(VENV)/bin/jupyter lab --notebook-dir exercises

mutants: environment sandbox  ## how many mechanical mutants of the references the checks kill
	$(PY) -m benchmarks.mutants

difficulty: environment sandbox  ## whether exams of other seeds are as hard (10,000 of them; some ten minutes)
	$(PY) -m benchmarks.difficulty

OTTER := build/otter/bin/python

bench: environment sandbox $(OTTER)  ## compare grading a class with nbgrader's own way, with Otter and with bare calls
	$(PY) -m benchmarks.grading --otter $(CURDIR)/$(OTTER)

# In an environment of its own, with what the notebooks import.
$(OTTER):
	$(PYTHON) -m venv build/otter
	build/otter/bin/pip install --quiet "otter-grader==7.*" ipykernel ipywidgets Jinja2 matplotlib numpy scikit-learn \
	  || { rm -rf build/otter; exit 1; }

ENGINE = $(firstword $(shell command -v podman) docker)
image:  ## build the grader's image with podman or docker (IMAGE_OPTIONS for its build arguments)
	$(ENGINE) build $(if $(findstring podman,$(ENGINE)),--ignorefile deploy/Containerfile.dockerignore) $(IMAGE_OPTIONS) \
	  -f deploy/Containerfile -t pooling-grader .

clean:  ## remove what was built, not what was graded or handed in
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
