"""Code in the chapters is no wider than a page can show it."""

import pytest
from experiments.ledger.page import BOOK
from myst_nb.core.read import read_myst_markdown_notebook

PAGES = sorted(path for path in BOOK.glob("*.md") if "{code-cell}" in path.read_text("utf-8"))

HIDDEN = {"remove-cell", "remove-input"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_line_of_code_is_longer_than_eighty_columns(page):
    notebook = read_myst_markdown_notebook(page.read_text("utf-8"))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    cells = [cell.source for cell in code if not HIDDEN & set(cell.metadata.get("tags", ()))]
    assert [line for cell in cells for line in cell.splitlines() if len(line) > 80] == []
