"""The notebooks of examples/notebooks run, and what they print holds."""
import os
import sys

import pytest

from conftest import ROOT

pytestmark = pytest.mark.heavy
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("matplotlib")
NOTEBOOKS = sorted((ROOT / "examples/notebooks").glob("*.ipynb"))


def test_there_is_one():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook(path, tmp_path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    os.environ.setdefault("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(path.parent)}}).execute()
    pictures = [output["data"]["image/png"] for cell in book.cells for output in cell.get("outputs", [])
                if "image/png" in output.get("data", {})]
    tables = [output for cell in book.cells for output in cell.get("outputs", [])
              if "text/html" in output.get("data", {})]
    assert len(pictures) >= 3 and tables
    shown = os.environ.get("BERM_PICTURES")  # a folder to look at them
    for number, picture in enumerate(pictures):
        if shown:
            import base64
            with open(f"{shown}/{path.stem}-{number}.png", "wb") as file:
                file.write(base64.b64decode(picture))
