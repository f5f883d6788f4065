"""Metrics of classifiers, by hand."""

from __future__ import annotations

import random
from itertools import product
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show
from questions.model import Level, Source


class Confusion(NamedTuple):
    """A confusion matrix of three classes: rows are true, columns are predicted."""

    rows: tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]

    def right(self, c: int) -> int:
        """Return how many of class ``c`` are right."""
        return self.rows[c][c]

    def true(self, c: int) -> int:
        """Return how many are of class ``c``."""
        return sum(self.rows[c])

    def said(self, c: int) -> int:
        """Return how many were taken for class ``c``."""
        return sum(row[c] for row in self.rows)

    def f1(self, c: int) -> float:
        """Return the F1 score of class ``c``."""
        return 2 * self.right(c) / (self.true(c) + self.said(c))


def _draw_confusion(chance: random.Random) -> Confusion:
    size = chance.sample((4, 12, 30, 70), 3)
    one, two, three = (
        tuple(chance.randint(size[r], size[r] + 20) if c == r else chance.randint(1, 12) for c in range(3))
        for r in range(3)
    )
    return Confusion((one, two, three))  # type: ignore[arg-type]


def _macro_f1(t: Confusion) -> float:
    """Go through the examples one by one, and take harmonic means of precision and recall."""
    pairs = [(true, said) for true in range(3) for said in range(3) for _ in range(t.rows[true][said])]
    scores = []
    for c in range(3):
        recall = [said == c for true, said in pairs if true == c]
        precision = [true == c for true, said in pairs if said == c]
        scores.append(2 / (len(recall) / sum(recall) + len(precision) / sum(precision)))
    return sum(scores) / 3


MACRO_F1: Family[Confusion] = Family(
    id="ev-macro-f1-of-three-classes",
    subtopic="EV1",
    level=Level.MEDIUM,
    digits=4,
    tolerance="0.5%",
    draw=_draw_confusion,
    stem=lambda t: (
        "A classifier of three classes has this confusion matrix (rows: true class, columns: predicted class): "
        + "; ".join(f"[{', '.join(map(str, row))}]" for row in t.rows)
        + ". How large is its macro-averaged F1 score?"
    ),
    solve=lambda t: "(" + " + ".join(f"2 * {t.right(c)} / ({t.true(c)} + {t.said(c)})" for c in range(3)) + ") / 3",
    check=_macro_f1,
    misconceptions={
        "accuracy": Misconception(
            lambda t: sum(t.right(c) for c in range(3)) / sum(map(sum, t.rows)),
            "That is the accuracy (and the micro-averaged F1): large classes dominate it.",
        ),
        "macro recall": Misconception(
            lambda t: sum(t.right(c) / t.true(c) for c in range(3)) / 3,
            "That is the mean recall; the columns, what was wrongly taken for a class, do not enter it.",
        ),
        "macro precision": Misconception(
            lambda t: sum(t.right(c) / t.said(c) for c in range(3)) / 3,
            "That is the mean precision; the rows, what was missed of a class, do not enter it.",
        ),
    },
    explanation=lambda t, key: (
        "F1 of a class is `2·TP / (row sum + column sum)`. Here: "
        + "; ".join(f"`2 · {t.right(c)} / ({t.true(c)} + {t.said(c)}) = {show(t.f1(c))}`" for c in range(3))
        + f". The mean of the three is {key}. Every class counts the same, however rare. Accuracy is "
        f"{show(sum(t.right(c) for c in range(3)) / sum(map(sum, t.rows)))}: it weights classes by their size, and so "
        "does the micro average. Note that the mean of F1 scores is not the F1 of mean precision and mean recall."
    ),
    hint="For each class: twice the diagonal entry over its row sum plus its column sum.",
    source=Source(
        title="scikit-learn, f1_score",
        url="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html",
    ),
)


class Scores(NamedTuple):
    """The scores in % of the positives and of the negatives; no two are equal."""

    positive: tuple[int, ...]
    negative: tuple[int, ...]


def _draw_scores(chance: random.Random) -> Scores:
    scores = chance.sample(range(5, 100, 5), chance.randint(6, 8))
    cut = chance.randint(2, len(scores) - 3)
    return Scores(tuple(scores[:cut]), tuple(scores[cut:]))


def _rank_sum(t: Scores) -> int:
    ranks = {score: rank for rank, score in enumerate(sorted(t.positive + t.negative), 1)}
    return sum(ranks[score] for score in t.positive)


def _pairs_won(t: Scores) -> float:
    won = [one > other for one, other in product(t.positive, t.negative)]
    return won.count(True) / len(won)


def _accuracy(t: Scores) -> float:
    right = sum(score >= 50 for score in t.positive) + sum(score < 50 for score in t.negative)
    return right / (len(t.positive) + len(t.negative))


AUC_BY_RANKS: Family[Scores] = Family(
    id="ev-auc-by-ranks",
    subtopic="EV2",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=_draw_scores,
    stem=lambda t: (
        "A classifier gives the positives the scores "
        + ", ".join(f"{score / 100:.2f}" for score in t.positive)
        + " and the negatives "
        + ", ".join(f"{score / 100:.2f}" for score in t.negative)
        + ". How large is the area under its ROC curve?"
    ),
    solve=lambda t: (
        f"({_rank_sum(t)} - {len(t.positive)} * ({len(t.positive)} + 1) / 2) / ({len(t.positive)} * {len(t.negative)})"
    ),
    check=_pairs_won,
    misconceptions={
        "accuracy": Misconception(
            _accuracy,
            "That is the accuracy at a threshold of 0.5. The area asks for no threshold, only for the order.",
        ),
        "reversed": Misconception(
            lambda t: 1 - _pairs_won(t),
            "That is the share of pairs in the wrong order: one minus the area.",
        ),
    },
    explanation=lambda t, key: (
        f"The area is the share of the `{len(t.positive)} · {len(t.negative)} = {len(t.positive) * len(t.negative)}` "
        "pairs of a positive and a negative in which the positive has the higher score. By ranks (lowest score first): "
        f"the positives' ranks sum to {_rank_sum(t)}; at least they could sum to `{len(t.positive)} · "
        f"{len(t.positive) + 1} / 2 = {len(t.positive) * (len(t.positive) + 1) // 2}`; the difference counts the pairs "
        f"that are in order, {_rank_sum(t) - len(t.positive) * (len(t.positive) + 1) // 2}. The quotient is {key}. Any "
        "strictly rising change of the scores leaves it as it is, so it says nothing about calibration."
    ),
    hint="Of all pairs of a positive and a negative, in how many has the positive the higher score?",
    source=Source(
        title="Fawcett, An introduction to ROC analysis, 2006", url="https://doi.org/10.1016/j.patrec.2005.10.010"
    ),
)


FAMILIES = (MACRO_F1, AUC_BY_RANKS)
