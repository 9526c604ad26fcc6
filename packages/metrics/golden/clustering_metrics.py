"""Makes and checks clustering-metrics.json: label pairs scored by scikit-learn.

clustering_metrics.py check FILE
    Scores the label pairs of FILE again and compares every number, to 1e-10. Prints a line for each difference and one
    for all pairs; exits with 1 where there is a difference.

clustering_metrics.py make FILE
    Writes FILE with its label pairs scored anew to standard output. Only `labelsTrue` and `labelsPred` of each case are
    read.

Where the denominator of an adjusted score is 0 (chance explains everything), scikit-learn divides rounding errors (its
issue 30950): there identical partitions get 1, and others null, which is not to be compared.

Needs scikit-learn.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

METHODS = {"arithmetic": lambda a, b: (a + b) / 2, "max": max, "min": min, "geometric": lambda a, b: (a * b) ** 0.5}
BOUND = 1e-10
NO_DENOMINATOR = 1e-12  # a difference of entropies of this size is rounding


def entropy(labels):
    share = np.unique(labels, return_counts=True)[1] / len(labels)
    return -np.sum(share * np.log(share))


def adjusted(pair, method, expected, identical):
    """The adjusted mutual information, or what stands for it without a denominator."""
    if abs(METHODS[method](*map(entropy, pair)) - expected) < NO_DENOMINATOR:
        return 1.0 if identical else None
    return metrics.adjusted_mutual_info_score(*pair, average_method=method)


def scored(case):
    pair = (case["labelsTrue"], case["labelsPred"])
    table = contingency_matrix(*pair)
    expected = float(expected_mutual_information(contingency_matrix(*pair, sparse=True), len(pair[0])))
    identical = (np.count_nonzero(table, axis=0) == 1).all() and (np.count_nonzero(table, axis=1) == 1).all()
    return {
        "labelsTrue": pair[0],
        "labelsPred": pair[1],
        "contingency": table.tolist(),
        "expectedMutualInformation": expected,
        "mutualInformation": float(metrics.mutual_info_score(*pair)),
        "adjustedRandIndex": float(metrics.adjusted_rand_score(*pair)),
        "randIndex": float(metrics.rand_score(*pair)),
        "fowlkesMallows": float(metrics.fowlkes_mallows_score(*pair)),
        "homogeneity": float(metrics.homogeneity_score(*pair)),
        "completeness": float(metrics.completeness_score(*pair)),
        "vMeasure": float(metrics.v_measure_score(*pair)),
        "adjustedMutualInformation": {m: adjusted(pair, m, expected, identical) for m in METHODS},
        "normalizedMutualInformation": {
            m: float(metrics.normalized_mutual_info_score(*pair, average_method=m)) for m in METHODS
        },
    }


def differences(ours, golden, name):
    """Where two records of scores are not the same, as phrases."""
    if isinstance(ours, dict) and isinstance(golden, dict):
        for key in {**ours, **golden}:
            inner = f"{name}.{key}" if name else key
            yield from differences(ours.get(key, "missing"), golden.get(key, "missing"), inner)
    elif isinstance(ours, float) and isinstance(golden, (int, float)):
        if not abs(ours - golden) <= BOUND:
            yield f"{name} is {golden}, and scikit-learn {sklearn.__version__} gives {ours}"
    elif ours != golden:
        yield f"{name} is {golden}, and should be {ours}"


def check(cases):
    """Prints every difference; gives whether there is none."""
    found = [(index, text) for index, case in enumerate(cases) for text in differences(scored(case), case, "")]
    for index, text in found:
        print(f"case {index}: {text}.")
    print(f"{len(cases) - len({index for index, _ in found})} of {len(cases)} label pairs hold.")
    return not found


def main(command="", *files):
    if command not in ("check", "make") or len(files) != 1:
        sys.exit(__doc__.strip())
    # scikit-learn suspects a regression where a small sample has many distinct labels.
    warnings.simplefilter("ignore")
    try:
        with open(files[0], encoding="utf-8") as stream:
            cases = json.load(stream)["cases"]
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{files[0]} cannot be read ({error}): give a file in the format of clustering-metrics.json.")
    if command == "check":
        sys.exit(0 if check(cases) else 1)
    made = {"source": f"scikit-learn {sklearn.__version__}", "cases": [scored(case) for case in cases]}
    json.dump(made, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main(*sys.argv[1:])
