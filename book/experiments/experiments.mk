# The measurements: `make experiments` reruns what is not cached in build/experiments and writes book/experiments/results.
PY ?= .venv/bin/python
EXPERIMENT_OPTIONS ?=

.PHONY: experiments revisions

experiments:  ## run every experiment on all cores; resumes (EXPERIMENT_OPTIONS="--fresh e05" and the like)
	PYTHONPATH=book $(PY) -m experiments.run $(EXPERIMENT_OPTIONS)

revisions:  ## list from git how the ledger's rules changed after results were known
	PYTHONPATH=book $(PY) -m experiments.revisions
