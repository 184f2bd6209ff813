"""How Sphinx builds the pages of this folder: `make docs`. Nothing is fetched, neither here nor by a reader."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "prompt-patterns"
author = "the authors of prompt-patterns"
version = release = version_of("prompt-patterns")

extensions = ["myst_parser", "sphinx_copybutton", "builder"]
exclude_patterns = ["builder"]
source_suffix = {".md": "markdown"}
highlight_language = "text"
smartquotes = False  # `--json` is two hyphens, also outside of code
python_maximum_signature_line_length = 88
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# Prompts are not copied, and what a run printed is nothing to copy.
copybutton_prompt_text = "$ "
copybutton_selector = "div:not(.highlight-text):not(.model-said) > div.highlight > pre"

html_theme = "furo"
html_title = "prompt-patterns"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
