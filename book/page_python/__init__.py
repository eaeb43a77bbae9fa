"""Python in the page: fetched, made small, and written into the book's static files; exercises run in a browser.

:mod:`page_python.distribution` finds Pyodide, :mod:`page_python.archives` reduces it to what an exercise needs,
:mod:`page_python.scripts` bundles the page's JavaScript, and :mod:`page_python.notebooks` prepares what is written.
"""
