"""A project with a lock that is as it must be, in a folder of its own, to be broken by tests."""

import subprocess
from pathlib import Path

HASH = "a" * 64

PYPROJECT = """\
[project]
name = "ours"
version = "1"
dependencies = ["asyncpg>=0.31"]
[project.optional-dependencies]
mail = ["jinja2>=3.1"]
dev = ["ours[mail]", "pytest>=9,<10"]
[tool.uv]
managed = false
"""
NODE_LOCK = """\
{"lockfileVersion": 3, "packages": {
  "": {"devDependencies": {"axe-core": "~4.14.0"}},
  "node_modules/axe-core": {"version": "4.14.1", "integrity": "sha512-FHfa", "dev": true, "license": "MPL-2.0"}}}
"""


def pin(name: str, version: str, *, hashed: str = HASH) -> str:
    return f"{name}=={version} \\\n    --hash=sha256:{hashed}\n"


def project(folder: Path) -> Path:
    """Return the folder of a new project without faults."""
    shipped = pin("asyncpg", "0.32.0") + pin("jinja2", "3.1.6")
    files = {
        "pyproject.toml": PYPROJECT,
        "requirements/mail.txt": shipped,
        "requirements/dev.txt": shipped + pin("pytest", "9.1.1"),
        "requirements/scanner.in": "checkov>=3.3\n",
        "requirements/scanner.txt": "# by make lock\n" + pin("checkov", "3.3.1"),
        "browser/package.json": '{"devDependencies": {"axe-core": "~4.14.0"}}',
        "browser/package-lock.json": NODE_LOCK,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder
