"""Executes a Jupyter notebook without a browser, and writes it with its outputs: NOTEBOOK FOLDER OUT."""
import sys

import nbformat
from nbclient import NotebookClient

notebook, folder, out = sys.argv[1:]
document = nbformat.read(notebook, as_version=4)
NotebookClient(document, timeout=120, record_timing=False, resources={"metadata": {"path": folder}}).execute()
nbformat.write(document, out)
