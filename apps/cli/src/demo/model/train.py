"""Trains, exports and measures the two versions of the model that estimates a lack of step-free access.

python train.py explore stations.csv   cross-validation on the training rows only: every candidate, then the choice
python train.py build stations.csv     writes the .onnx files, the model cards and expected.json beside this file

The audit rows are read by `build` alone, after everything has been chosen.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

HERE = Path(__file__).parent
LABEL = "lacksStepFreeAccess"
STATE, KIND = "federalState", "kind"
TEXT = (STATE, KIND)
AMENITIES = [
    "hasParking", "hasBicycleParking", "hasLocalPublicTransport", "hasPublicFacilities", "hasLockerSystem",
    "hasTaxiRank", "hasTravelNecessities", "hasMobilityService", "hasWiFi", "hasTravelCenter", "hasRailwayMission",
    "hasDBLounge", "hasLostAndFound", "hasCarRental",
]  # fmt: skip
PLACE = ["latitude", "longitude"]
ALL = [STATE, KIND, "category", *PLACE, "weight", *AMENITIES]
WITHOUT_PLACE = [KIND, "category", "weight", *AMENITIES]
WITHOUT_STATE = [KIND, "category", *PLACE, "weight", *AMENITIES]
SENSITIVITY = 0.90
REPEATS = 6


def plain():
    return GradientBoostingClassifier(random_state=0)


def slow(depth):
    return GradientBoostingClassifier(
        random_state=0, n_estimators=150, learning_rate=0.03, max_depth=depth, subsample=0.6,
        min_samples_leaf=10 if depth < 4 else 20,
    )  # fmt: skip


# name -> (learner, columns, attributes to reweigh by)
CANDIDATES = {
    "all columns, plain": (plain, ALL, ()),
    **{
        f"{name}, depth {depth}": (lambda depth=depth: slow(depth), columns, weights)
        for name, columns, weights in [
            ("all columns", ALL, ()),
            ("all columns, reweighed by both", ALL, TEXT),
            ("no state, reweighed by both", WITHOUT_STATE, TEXT),
            ("no place", WITHOUT_PLACE, ()),
            ("no place, reweighed by state", WITHOUT_PLACE, (STATE,)),
            ("no place, reweighed by kind", WITHOUT_PLACE, (KIND,)),
            ("no place, reweighed by both", WITHOUT_PLACE, TEXT),
        ]
        for depth in (3, 4)
    },
}


# --- data -----------------------------------------------------------------------------------------------------------


def read(path):
    table = pd.read_csv(path, dtype={"id": str, LABEL: "Int64"})
    rows = {name: part.reset_index(drop=True) for name, part in table.groupby("split")}
    for name in ("training", "audit"):
        rows[name][LABEL] = rows[name][LABEL].astype(int)
    return rows


def categories(rows, columns):
    return {name: sorted(rows[name].unique()) for name in columns if name in TEXT}


def matrix(rows, columns, levels):
    """Float32, as the runtime will see it: one column a number, one column a level of each text."""
    parts = [
        np.stack([(rows[name] == level).to_numpy(np.float32) for level in levels[name]], axis=1)
        if name in levels
        else rows[[name]].to_numpy(np.float32)
        for name in columns
    ]
    return np.concatenate(parts, axis=1)


def reweigh(rows, attributes):
    """Weights that make the label independent of each attribute (Kamiran and Calders 2012, repeated in turn for two
    attributes), held within 0.2 and 5 so that a state with two barriers does not steer the model."""
    weights = np.ones(len(rows))
    label = rows[LABEL].to_numpy()
    for _ in range(50 if attributes else 0):
        for attribute in attributes:
            for index in rows.groupby(attribute).indices.values():
                for value, share in ((0, 1 - label.mean()), (1, label.mean())):
                    cell = index[label[index] == value]
                    if len(cell):
                        weights[cell] *= len(index) * share / weights[cell].sum()
        weights = weights.clip(0.2, 5)
    return weights


# --- choice, on the training rows alone -----------------------------------------------------------------------------


def out_of_fold(candidate, rows):
    learner, columns, attributes = candidate
    x, y = matrix(rows, columns, categories(rows, columns)), rows[LABEL].to_numpy()
    weights = reweigh(rows, attributes)
    scores = np.zeros((REPEATS, len(rows)))
    for repeat in range(REPEATS):
        for fit, test in StratifiedKFold(5, shuffle=True, random_state=repeat).split(x, y):
            model = learner().fit(x[fit], y[fit], sample_weight=weights[fit])
            scores[repeat, test] = model.predict_proba(x[test])[:, 1]
    return scores


def threshold_for_sensitivity(scores, label, sensitivity):
    return round(float(np.mean([np.quantile(s[label == 1], 1 - sensitivity) for s in scores])), 3)


def threshold_for_f1(scores, label):
    grid = np.round(np.arange(0.05, 0.6, 0.005), 3)
    return float(max(grid, key=lambda t: np.mean([f1_score(label, s >= t) for s in scores])))


def gaps(rows, decided, floor):
    """For each attribute the gap in true positive rate between groups of at least `floor` rows, and the worst group."""
    rows = rows.assign(decided=decided)
    result = {}
    for attribute in TEXT:
        large = rows.groupby(attribute)[LABEL].transform("size") >= floor
        rates = rows[large & (rows[LABEL] == 1)].groupby(attribute).decided.mean()
        result[attribute] = (rates.max() - rates.min(), f"{rates.idxmin()} {rates.min():.2f}")
    return result


def explore(rows):
    label = rows[LABEL].to_numpy()
    # The plan's floor of 150 rows, scaled from the audit's 60 % of the stations to the 40 % at hand.
    floor = json.loads((HERE / "audit-plan.json").read_text())["floors"]["group"] * 0.4 / 0.6
    best = None
    print("| candidate | AUC | threshold | TPR | FPR | gap by state | gap by kind |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name, candidate in CANDIDATES.items():
        scores = out_of_fold(candidate, rows)
        auc = np.mean([roc_auc_score(label, s) for s in scores])
        choices = [threshold_for_sensitivity(scores, label, s) for s in (0.85, SENSITIVITY)]
        for threshold in [threshold_for_f1(scores, label), *choices]:
            decided = (scores >= threshold).mean(axis=0)
            gap = gaps(rows, decided, floor)
            numbers = [auc, threshold, decided[label == 1].mean(), decided[label == 0].mean()]
            cells = [*(f"{n:.3f}" for n in numbers), *(f"{value:.3f} ({group})" for value, group in gap.values())]
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
        worst = max(value for value, _ in gap.values())
        if best is None or worst < best[0]:
            best = (worst, name, choices[-1])
    print(f"\nsmallest worst gap at a sensitivity of {SENSITIVITY}: {best[1]}, threshold {best[2]}")


# --- export ---------------------------------------------------------------------------------------------------------


def float32_below(value):
    """The largest float32 not above a float64 threshold: float32 inputs then take the same branch as in training."""
    rounded = np.float32(value)
    return float(rounded if float(rounded) <= value else np.nextafter(rounded, np.float32(-np.inf)))


def trees_of(model):
    nodes = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")}
    leaves = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
    for number, estimator in enumerate(model.estimators_[:, 0]):
        tree = estimator.tree_
        for node in range(tree.node_count):
            leaf = tree.children_left[node] < 0
            row = (number, node, 0 if leaf else int(tree.feature[node]),
                   0.0 if leaf else float32_below(tree.threshold[node]), "LEAF" if leaf else "BRANCH_LEQ",
                   0 if leaf else int(tree.children_left[node]), 0 if leaf else int(tree.children_right[node]))  # fmt: skip
            for key, value in zip(nodes, row, strict=True):
                nodes[key].append(value)
            if leaf:
                weight = model.learning_rate * float(tree.value[node].item())
                for key, value in zip(leaves, (number, node, 0, weight), strict=True):
                    leaves[key].append(value)
    return {f"nodes_{k}": v for k, v in nodes.items()} | {f"target_{k}": v for k, v in leaves.items()}


def to_onnx(model, columns, levels, threshold, name, version):
    """Columns -> one-hot texts, concatenated -> trees -> logistic -> two probabilities and the decision."""
    constants = [
        numpy_helper.from_array(np.array([threshold], np.float32), "threshold"),
        numpy_helper.from_array(np.array([1], np.float32), "one"),
        numpy_helper.from_array(np.array([1], np.int64), "levelAxis"),
    ]
    steps, parts = [], []
    for column in columns:
        if column not in levels:
            parts.append(column)
            continue
        steps.append(helper.make_node("OneHotEncoder", [column], [f"{column}Levels"], domain="ai.onnx.ml",
                                      cats_strings=levels[column], zeros=1))  # fmt: skip
        steps.append(helper.make_node("Squeeze", [f"{column}Levels", "levelAxis"], [f"{column}Encoded"]))
        parts.append(f"{column}Encoded")
    prior = model.init_.class_prior_[1]
    steps += [
        helper.make_node("Concat", parts, ["features"], axis=1),
        helper.make_node("TreeEnsembleRegressor", ["features"], ["logit"], domain="ai.onnx.ml", n_targets=1,
                         aggregate_function="SUM", post_transform="NONE",
                         base_values=[float(np.log(prior / (1 - prior)))], **trees_of(model)),
        helper.make_node("Sigmoid", ["logit"], ["positive"]),
        helper.make_node("Sub", ["one", "positive"], ["negative"]),
        helper.make_node("Concat", ["negative", "positive"], ["probabilities"], axis=1),
        helper.make_node("GreaterOrEqual", ["positive", "threshold"], ["decision"]),
        helper.make_node("Squeeze", ["decision", "levelAxis"], ["decisions"]),
        helper.make_node("Cast", ["decisions"], ["label"], to=TensorProto.INT64),
    ]  # fmt: skip
    graph = helper.make_graph(
        steps,
        name,
        [
            helper.make_tensor_value_info(c, TensorProto.STRING if c in levels else TensorProto.FLOAT, ["N", 1])
            for c in columns
        ],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 2]),
        ],
        constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    onnx_model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="hansa-demo")
    helper.set_model_props(onnx_model, {"name": name, "version": version, "threshold": str(threshold)})
    onnx.checker.check_model(onnx_model, full_check=True)
    return onnx_model.SerializeToString(deterministic=True)


def run(bytes_, rows, columns):
    session = onnxruntime.InferenceSession(bytes_, providers=["CPUExecutionProvider"])
    feeds = {c: rows[[c]].to_numpy(object if c in TEXT else np.float32) for c in columns}
    label, probabilities = session.run(["label", "probabilities"], feeds)
    return label, probabilities[:, 1]


# --- measurement ----------------------------------------------------------------------------------------------------


def measured(rows, label, plan):
    """Counts, rates and gaps on the audit rows, by fairlearn: numbers that our own engine must reproduce."""
    truth = rows[LABEL].to_numpy()
    metrics = {
        "rows": count,
        "truePositiveRate": true_positive_rate,
        "falsePositiveRate": false_positive_rate,
        "selectionRate": selection_rate,
    }
    result = {}
    for attribute in TEXT:
        frame = MetricFrame(metrics=metrics, y_true=truth, y_pred=label, sensitive_features=rows[attribute])
        cells = rows.assign(label=label).groupby([attribute, LABEL, "label"]).size()
        groups = {}
        for group, rates in frame.by_group.iterrows():
            tn, fp, fn, tp = (int(cells.get((group, y, d), 0)) for y, d in ((0, 0), (0, 1), (1, 0), (1, 1)))
            groups[group] = {
                "trueNegatives": tn, "falsePositives": fp, "falseNegatives": fn, "truePositives": tp,
                **{name: float(rates[name]) for name in list(metrics)[1:]},
                "judged": reaches_floors(tn + fp + fn + tp, fn + tp, frame.overall["truePositiveRate"], plan),
            }  # fmt: skip
        kept = rows[attribute].isin([g for g, v in groups.items() if v["judged"]]).to_numpy()
        judged = MetricFrame(metrics=metrics, y_true=truth[kept], y_pred=label[kept],
                             sensitive_features=rows[attribute][kept])  # fmt: skip
        result[attribute] = {
            "groups": groups,
            "allGroups": comparisons(frame),
            "judgedGroups": comparisons(judged),
            "unjudgedShareOfRows": float(1 - kept.mean()),
            "unjudgedShareOfEvents": float(1 - truth[kept].sum() / truth.sum()),
            "gapUnderNoDifference": no_difference(judged, truth[kept], rows[attribute][kept]),
        }
    return result


def reaches_floors(rows, events, rate, plan):
    """The plan's floors for a rate among the events: enough rows, and enough expected hits as well as misses."""
    return bool(rows >= plan["floors"]["group"] and events * min(rate, 1 - rate) >= plan["floors"]["events"])


def comparisons(frame):
    difference, ratio = frame.difference(), frame.ratio()
    odds = ["truePositiveRate", "falsePositiveRate"]
    return {
        "demographicParityDifference": float(difference["selectionRate"]),
        "demographicParityRatio": float(ratio["selectionRate"]),
        "equalizedOddsDifference": float(difference[odds].max()),
        "equalizedOddsRatio": float(ratio[odds].min()),
        "equalOpportunityDifference": float(difference["truePositiveRate"]),
        "falsePositiveRateDifference": float(difference["falsePositiveRate"]),
    }


def no_difference(frame, truth, groups):
    """What gap chance alone would show if every judged group had the pooled true positive rate."""
    events = pd.Series(truth).groupby(groups.to_numpy()).sum().to_numpy()
    draws = np.random.default_rng(0).binomial(events, frame.overall["truePositiveRate"], (20_000, len(events))) / events
    gap = draws.max(axis=1) - draws.min(axis=1)
    observed = frame.difference()["truePositiveRate"] - 1e-12
    return {"mean": round(float(gap.mean()), 3), "quantile95": round(float(np.quantile(gap, 0.95)), 3),
            "shareAtLeastObserved": round(float((gap >= observed).mean()), 4)}  # fmt: skip


def verdict(by_attribute, plan):
    parts = by_attribute.values()
    if any(p["judgedGroups"][m["metric"]] > m["margin"] for p in parts for m in plan["metrics"]):
        return "fail"
    enough = all(p["unjudgedShareOfRows"] <= plan["rule"]["unjudgedShare"] for p in parts)
    return "pass" if enough else "insufficient-data"


# --- the two versions -----------------------------------------------------------------------------------------------

VERSIONS = {
    "v1": {
        "version": "1.0.0",
        "candidate": "all columns, plain",
        "threshold": 0.19,
        "architecture": "Gradient boosting with the default settings of scikit-learn (100 trees of depth 3) on all columns.",
        "choice": "Best F1 score in cross-validation on the training rows.",
        "intendedUse": "Lists stations of Germany's railway that probably lack reliable step-free access.",
    },
    "v2": {
        "version": "2.0.0",
        "candidate": "no place, reweighed by kind, depth 3",
        "threshold": 0.125,
        "architecture": "Gradient boosting (150 trees of depth 3) that sees neither the federal state nor coordinates; "
        "training rows reweighed so that the label is independent of the kind of station.",
        "choice": "Finds 90 % of the barriers in cross-validation on the training rows.",
        "intendedUse": "Screening before a check on the spot: names the stations that need not be visited first. It is "
        "not a statement about a single station's access and no travel advice.",
    },
}

LIMITATIONS = {
    "v1": [
        "Learns where barriers are common and hardly looks elsewhere: fails the audit by federal "
        "state (0.785) and by kind of station (0.655).",
    ],
    "v2": [
        "Pays for evenness with many false alarms: about three of four stations with step-free access are flagged, and one "
        "in five stations is cleared. Of the cleared ones 8 % lack access, of all stations 19 %.",
        "A first candidate (reweighed by state, depth 4, threshold 0.099) failed this audit by kind of station: 0.299. "
        "It had been chosen with a floor that hid central S-Bahn stations; with the floor of the plan, the training "
        "rows alone choose this one. The audit rows were therefore looked at twice.",
        "False alarms are not even across groups; the audit reports their rates and does not judge them.",
    ],
}

SHARED_LIMITATIONS = [
    "Groups with fewer than 150 audit stations carry no verdict: Berlin, Bremen, Hamburg, Mecklenburg-Vorpommern, "
    "Saarland, Schleswig-Holstein, city hubs and stations without a product segment.",
    "Trained on a snapshot of station data; building work since then is unknown to it.",
    "`partial` step-free access counts as lacking.",
]


def build(rows, table_digest):
    plan = json.loads((HERE / "audit-plan.json").read_text())
    expected = {"stations": table_digest, "plan": canonical_digest(plan), "versions": {}}
    for key, spec in VERSIONS.items():
        learner, columns, attributes = CANDIDATES[spec["candidate"]]
        training, audit = rows["training"], rows["audit"]
        levels = categories(training, columns)
        x, y = matrix(training, columns, levels), training[LABEL].to_numpy()
        model = learner().fit(x, y, sample_weight=reweigh(training, attributes))
        bytes_ = to_onnx(model, columns, levels, spec["threshold"], f"step-free-{key}", spec["version"])
        (HERE / f"step-free-{key}.onnx").write_bytes(bytes_)
        label, score = run(bytes_, audit, columns)
        check(model, matrix(audit, columns, levels), label, score, spec["threshold"])
        expected["versions"][key] = {
            "model": digest(bytes_),
            "verdict": None,
            "byAttribute": (parts := measured(audit, label, plan)),
            "overall": overall(audit[LABEL].to_numpy(), label, score),
            "predictions": [
                {"id": audit.id[i], "probability": float(score[i]), "label": int(label[i])}
                for i in range(0, len(audit), len(audit) // 50)
            ][:50],
        }
        expected["versions"][key]["verdict"] = verdict(parts, plan)
        write_json(f"model-card-{key}.json", card(key, spec, columns, levels, rows, expected, table_digest))
    write_json("expected.json", expected)
    print(json.dumps({k: (v["verdict"], v["overall"]) for k, v in expected["versions"].items()}, indent=1))


def check(model, x, label, score, threshold):
    """The file must answer like the trained model, and no score may lie where rounding could flip a decision."""
    reference = model.predict_proba(x.astype(np.float32))[:, 1]
    assert np.abs(score - reference).max() < 1e-6, np.abs(score - reference).max()
    assert np.abs(reference - threshold).min() > 4 * np.abs(score - reference).max(), np.abs(reference - threshold).min()
    assert (label == (reference >= threshold)).all()


def overall(truth, label, score):
    tp, fp = int(((truth == 1) & (label == 1)).sum()), int(((truth == 0) & (label == 1)).sum())
    events, others = int(truth.sum()), int((truth == 0).sum())
    return {
        "rows": len(truth), "events": events, "truePositives": tp, "falsePositives": fp,
        "truePositiveRate": tp / events, "falsePositiveRate": fp / others, "precision": tp / (tp + fp),
        "informedness": tp / events - fp / others,
        "shareOfUnflaggedThatLack": (events - tp) / (len(truth) - tp - fp),
        "areaUnderRoc": float(roc_auc_score(truth, score)),
    }  # fmt: skip


def card(key, spec, columns, levels, rows, expected, table_digest):
    result = expected["versions"][key]
    return {
        "name": "step-free-access",
        "version": spec["version"],
        "description": "Estimates whether a railway station lacks reliable step-free access, from what is known about "
        "its size, traffic and services. " + spec["architecture"],
        "owners": ["The Hansa project"],
        "licence": "Apache-2.0",
        "model": {"file": f"step-free-{key}.onnx", "digest": result["model"], "architecture": spec["architecture"]},
        "intendedUse": {
            "statement": spec["intendedUse"],
            "population": "Railway stations in Germany",
            "filter": None,
            "positiveDecision": "The station is sent to a check on the spot.",
        },
        "threshold": {"output": "probabilities", "class": 1, "atLeast": spec["threshold"], "choice": spec["choice"]},
        "features": [
            {"name": c, "type": "string", "levels": levels[c]} if c in levels else {"name": c, "type": "float"}
            for c in columns
        ],
        "trainingData": {
            "name": "Stations of Deutsche Bahn (npm package db-stations 5.0.2)",
            "owner": "Deutsche Bahn",
            "licence": "CC-BY-4.0",
            "table": table_digest,
            "filter": {"column": "split", "equals": "training"},
            "rows": len(rows["training"]),
            "events": int(rows["training"][LABEL].sum()),
        },
        "metrics": {"data": {"column": "split", "equals": "audit"}, **result["overall"]},
        "audit": {
            "plan": expected["plan"],
            "verdict": result["verdict"],
            "equalOpportunityDifference": {
                a: p["judgedGroups"]["equalOpportunityDifference"] for a, p in result["byAttribute"].items()
            },
        },
        "limitations": [*LIMITATIONS[key], *SHARED_LIMITATIONS],
    }


def digest(bytes_):
    return f"sha-256:{hashlib.sha256(bytes_).hexdigest()}"


def canonical_digest(value):
    """The digest of RFC 8785 canonical JSON, for values whose numbers Python and JavaScript write alike."""
    return digest(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def write_json(name, value):
    (HERE / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def main():
    command, path = sys.argv[1:]
    rows = read(path)
    if command == "explore":
        explore(rows["training"])
    else:
        build(rows, digest(Path(path).read_bytes()))


if __name__ == "__main__":
    main()
