"""Puts the code of one service into the environment of its image: contracts, chassis and the service, nothing of the other services.

The image `operations` is that of the command `rencontres`, which knows all of them. Run by the Dockerfile: `assemble.py SERVICE --context CHECKOUT --into ENVIRONMENT`. Needs Python alone. All of the environment is compiled
here, with hashes instead of dates: containers cannot write, and the same sources give the same files.
"""

import argparse
import compileall
import shutil
import sys
import sysconfig
import tomllib
from pathlib import Path
from py_compile import PycInvalidationMode

SHARED = ("contracts", "chassis")
OPERATIONS = "operations"


def main() -> None:
    """Copy, describe, compile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--context", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    options = parser.parse_args()
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(options.into)}))
    assemble(options.service, context=options.context, packages=packages)
    if not compileall.compile_dir(packages, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, workers=0):
        sys.exit("some module does not compile")
    write_entrypoint(options.into / "bin" / "service", options.service)
    if options.service == OPERATIONS:
        (options.into / "bin" / "rencontres").symlink_to("service")


def assemble(service: str, *, context: Path, packages: Path) -> None:
    """Copy the packages of a service; raises SystemExit when there is no such service."""
    project = tomllib.loads((context / "pyproject.toml").read_text())["project"]
    if service == OPERATIONS:
        wanted = [*SHARED, "services", "local"]
    elif service in project["optional-dependencies"] and (context / "services" / service).is_dir():
        wanted = [*SHARED, f"services/{service}"]
        (packages / "services").mkdir()
        shutil.copy(context / "services" / "__init__.py", packages / "services")
    else:
        sys.exit(f"no service {service!r}: it needs a folder in services/ and an extra in pyproject.toml")
    for package in wanted:
        shutil.copytree(context / package, packages / package, ignore=shutil.ignore_patterns("__pycache__"))
    describe(packages / f"{project['name']}-{project['version']}.dist-info", project["name"], project["version"])
    shutil.copy(context / "LICENSE", packages / f"{project['name']}-{project['version']}.dist-info")


def describe(folder: Path, name: str, version: str) -> None:
    """Say which version is installed: the API and the telemetry tell it."""
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n")


def write_entrypoint(path: Path, service: str) -> None:
    """Let `docker run IMAGE api` be `python -m services.<service> api`, as process 1."""
    module = "local" if service == OPERATIONS else f"services.{service}"
    path.write_text(f'#!/bin/sh\nexec python -m {module} "$@"\n')
    path.chmod(0o755)


if __name__ == "__main__":
    main()
