"""Writes the alert rules once more, as the object that a cluster's Prometheus reads: `python -m deploy.prometheus.cluster_rules [--check]`.

kustomize can put a file into a ConfigMap, but not into a field, and the Prometheus Operator takes rules from its own objects only.
"""

import argparse
import sys
from pathlib import Path
from textwrap import indent

from chassis.documents import keep

SOURCE = Path(__file__).parent / "rules.yaml"
WRITTEN = SOURCE.parents[1] / "k8s" / "components" / "telemetry" / "alerts.yaml"
_HEAD = """\
# Written by `make docs` from deploy/prometheus/rules.yaml: change that, not this.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: rencontres
spec:
"""


def rules() -> str:
    """Return the object, with the rules as they stand in their file."""
    return _HEAD + indent(SOURCE.read_text(), "  ")


def main() -> int:
    """Write it, or say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")
    return keep(WRITTEN, rules(), check=parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
