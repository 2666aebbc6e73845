"""Runs the code cells of a notebook from top to bottom in one namespace, as "jupyter nbconvert --execute" does; stands in for it in tests."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)

sys.argv = sys.argv[1:]
namespace = {"__name__": "__main__"}
for number, cell in enumerate(notebook["cells"], 1):
    if cell["cell_type"] == "code":
        source = "".join(line for line in cell["source"] if not line.lstrip().startswith(("%", "!")))
        exec(compile(source, f"cell {number}", "exec"), namespace)
