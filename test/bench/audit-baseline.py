"""How long fairlearn and AIF360 take for what an audit of binary decisions counts.

JSON on standard output: milliseconds by the clock (ms) and of the process's own work (cpu).

Six by two groups, as in audit.bench.mjs. fairlearn: a MetricFrame of five metrics by race and sex together, and one
with 100 bootstrap replicates. AIF360: two data sets and five metrics of one group against the others.

python audit-baseline.py 100000 1000000 [--bootstrap 10000]
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)

METRICS = {
    "selection rate": selection_rate,
    "true positive rate": true_positive_rate,
    "false positive rate": false_positive_rate,
    "true negative rate": true_negative_rate,
    "false negative rate": false_negative_rate,
}


def people(rows):
    rng = np.random.default_rng(20261123)
    race = np.floor(rng.random(rows) ** 2 * 6).astype(np.int64)
    sex = (rng.random(rows) >= 0.4).astype(np.int64)
    label = (rng.random(rows) < 0.45).astype(np.int64)
    decision = (rng.random(rows) < 0.25 + 0.35 * label + 0.02 * race).astype(np.int64)
    return race, sex, label, decision


def milliseconds(work, repeats=1):
    """The least of several runs: by the clock, and of this process's own work."""
    taken = []
    for _ in range(repeats):
        began, used = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - began, time.process_time() - used))
    return {"ms": round(min(wall for wall, _ in taken) * 1000, 1), "cpu": round(min(cpu for _, cpu in taken) * 1000, 1)}


def frame(race, sex, label, decision, **options):
    MetricFrame(
        metrics=METRICS,
        y_true=label,
        y_pred=decision,
        sensitive_features=pd.DataFrame({"race": race, "sex": sex}),
        **options,
    )


def pair(race, sex, label, decision):
    columns = {"label_names": ["label"], "protected_attribute_names": ["race", "sex"]}
    truth = BinaryLabelDataset(df=pd.DataFrame({"race": race, "sex": sex, "label": label}), **columns)
    decided = BinaryLabelDataset(df=pd.DataFrame({"race": race, "sex": sex, "label": decision}), **columns)
    metric = ClassificationMetric(truth, decided, unprivileged_groups=[{"race": 0}], privileged_groups=[{"race": 2}])
    metric.statistical_parity_difference()
    metric.disparate_impact()
    metric.equal_opportunity_difference()
    metric.average_odds_difference()
    metric.error_rate_difference()


def main():
    words = sys.argv[1:]
    bootstrap = int(words[words.index("--bootstrap") + 1]) if "--bootstrap" in words else None
    sizes = [int(word) for word in (words[: words.index("--bootstrap")] if bootstrap else words)]
    frame(*people(1000))
    pair(*people(1000))
    rows = {}
    for size in sizes:
        table = people(size)
        repeats = 3 if size <= 100_000 else 1
        rows[size] = {
            "metricFrame": milliseconds(lambda: frame(*table), repeats),
            "aif360": milliseconds(lambda: pair(*table), repeats),
        }
    result = {"versions": {name: version(name) for name in ("fairlearn", "aif360", "pandas", "numpy")}, "rows": rows}
    if bootstrap:
        table = people(bootstrap)
        taken = milliseconds(lambda: frame(*table, n_boot=100, ci_quantiles=[0.025, 0.975], random_state=1))
        result["bootstrap"] = {"rows": bootstrap, "replicates": 100, **taken}
    json.dump(result, sys.stdout, indent=2)
    print()


main()
