"""scikit-learn's scores of label pairs, for the peer test and the benchmark.

scikit_learn.py scores
    Reads a JSON list of [labels_true, labels_pred] from standard input and writes a JSON list of scores.

scikit_learn.py time FILE FRAMES PIXELS
    Reads FILE, uint8 [2, FRAMES, PIXELS]: true labels, then predicted ones. Answers each line "FIRST END" on standard
    input with a line of JSON: the seconds that the adjusted mutual information of frames FIRST to END - 1 took, and the
    scores.
"""

import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

METHODS = ("arithmetic", "max", "min", "geometric")


def scores(labels_true, labels_pred):
    contingency = contingency_matrix(labels_true, labels_pred, sparse=True)
    pair = (labels_true, labels_pred)
    return {
        "expectedMutualInformation": expected_mutual_information(contingency, len(labels_true)),
        "mutualInformation": metrics.mutual_info_score(*pair),
        "adjustedRand": metrics.adjusted_rand_score(*pair),
        "rand": metrics.rand_score(*pair),
        "fowlkesMallows": metrics.fowlkes_mallows_score(*pair),
        "homogeneity": metrics.homogeneity_score(*pair),
        "completeness": metrics.completeness_score(*pair),
        "vMeasure": metrics.v_measure_score(*pair, beta=0.5),
        "adjusted": {m: metrics.adjusted_mutual_info_score(*pair, average_method=m) for m in METHODS},
        "normalized": {m: metrics.normalized_mutual_info_score(*pair, average_method=m) for m in METHODS},
    }


def answer_times(path, frames, pixels):
    labels_true, labels_pred = np.fromfile(path, dtype=np.uint8).reshape(2, frames, pixels)
    print(json.dumps({"version": sklearn.__version__}), flush=True)
    for line in sys.stdin:
        first, end = map(int, line.split())
        start = time.perf_counter()
        values = [metrics.adjusted_mutual_info_score(labels_true[i], labels_pred[i]) for i in range(first, end)]
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "scores": values}), flush=True)


if __name__ == "__main__":
    # scikit-learn suspects a regression where a small sample has many distinct labels.
    warnings.simplefilter("ignore")
    if sys.argv[1] == "scores":
        json.dump([scores(*pair) for pair in json.load(sys.stdin)], sys.stdout)
    else:
        answer_times(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
