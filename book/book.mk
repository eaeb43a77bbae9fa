# The book: `make book` builds it, `make serve` shows it.
PY ?= .venv/bin/python
BOOK_OUTPUT := build/book
BOOK_HTML := $(BOOK_OUTPUT)/_build/html
PORT ?= 8000

.PHONY: book archive serve bench-book

book:  ## build the book into build/book (warnings are errors)
	$(dir $(PY))jupyter-book build book --path-output $(BOOK_OUTPUT) -W -n --keep-going -q
	@touch $(BOOK_HTML)/.nojekyll
	@echo "The book: $(BOOK_HTML)/index.html"

archive: book  ## the book as one file, to deposit or to read without a server: build/book-html.zip
	@$(PY) -c "import shutil; print(shutil.make_archive('build/book-html', 'zip', '$(BOOK_OUTPUT)/_build', 'html'))"

serve: book  ## show the book at http://localhost:8000
	$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory $(BOOK_HTML)

bench-book: book  ## measure the pages in Chromium: weight, readiness, events, training and Python in the page
	$(PY) -m benchmarks.pages $(BOOK_HTML)
	PYTHONPATH=book $(PY) -m benchmarks.lab_training $(BOOK_HTML)
	PYTHONPATH=book $(PY) -m benchmarks.page_python $(BOOK_HTML)
