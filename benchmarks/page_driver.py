"""Takes hold of a demo as a reader does: by the names of its controls."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator, Page


class Demo:
    """One demo of a page, by its title."""

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        self.root = page.get_by_role("region", name=title)
        self.root.wait_for()

    def pick(self, group: str, label: str) -> None:
        """Choose one of several, by mouse."""
        self.root.get_by_role("group", name=group, exact=True).get_by_role("radio", name=label, exact=True).click()

    def switch(self, label: str, on: bool) -> None:
        """Turn a switch on or off, by mouse."""
        control = self.root.get_by_role("switch", name=label)
        if control.is_checked() != on:
            control.click()

    def field(self, label: str) -> Locator:
        """Find a number field."""
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def set(self, label: str, value: float) -> None:
        """Type a number and leave the field with Enter."""
        field = self.field(label)
        field.fill(str(value))
        field.press("Enter")

    def set_pairs(self, **pairs: tuple[int, int]) -> None:
        """Type height and width of kernel, stride, padding."""
        self.switch("rectangles", True)
        for label, (height, width) in pairs.items():
            self.set(f"{label}, height", height)
            self.set(f"{label}, width", width)

    def press(self, label: str) -> None:
        """Press a button, by mouse."""
        self.root.get_by_role("button", name=label, exact=True).click()

    def cell(self, grid: str, row: int, column: int) -> Locator:
        """Find a cell of a grid."""
        rows = self.root.get_by_role("grid", name=grid, exact=True).get_by_role("row")
        return rows.nth(row).get_by_role("gridcell").nth(column)

    def numbers(self, grid: str) -> np.ndarray:
        """Read a grid as a reader sees it."""
        board = self.root.get_by_role("grid", name=grid, exact=True)
        rows = board.evaluate("grid => [...grid.children].map(row => [...row.children].map(cell => cell.textContent))")
        return np.array([[float(text.replace("−", "-")) for text in row] for row in rows])

    def text(self) -> str:
        """Read everything that the demo shows."""
        return self.root.inner_text()

    def said(self) -> str:
        """Read what a screen reader was told last."""
        return self.root.get_by_role("status").text_content() or ""

    def fault(self) -> str:
        """Read why the settings are impossible; empty if they are not."""
        alert = self.root.get_by_role("alert")
        return alert.inner_text() if alert.is_visible() else ""
