"""Losses and what is close to them, by hand."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show, term
from questions.model import Level, Source


class Logits(NamedTuple):
    """Three logits, the position of the true class, and the temperature as a fraction."""

    z: tuple[int, int, int]
    y: int
    t: tuple[int, int]

    @property
    def temperature(self) -> float:
        """Return the temperature."""
        return self.t[0] / self.t[1]

    def normaliser(self, temperature: float) -> float:
        """Return the logarithm of the sum of exponentials at a temperature."""
        return math.log(sum(math.exp(z / temperature) for z in self.z))

    def loss(self, temperature: float) -> float:
        """Return the cross-entropy at a temperature, in nats."""
        return self.normaliser(temperature) - self.z[self.y] / temperature


def _draw_logits(chance: random.Random) -> Logits:
    one, two, three = chance.sample(range(-2, 5), 3)
    drawn = Logits((one, two, three), chance.randint(0, 2), chance.choice(((1, 2), (2, 1))))
    return drawn if drawn.loss(drawn.temperature) > 0.05 else _draw_logits(chance)


def _slow_loss(t: Logits) -> float:
    """Compare the true class with each class in turn, so that no logit is exponentiated by itself."""
    rivals = sum(math.exp((z - t.z[t.y]) / t.temperature) for z in t.z)
    return -math.log(1 / rivals)


CROSS_ENTROPY: Family[Logits] = Family(
    id="lo-cross-entropy-with-temperature",
    subtopic="LO1",
    level=Level.MEDIUM,
    unit="nats",
    digits=4,
    tolerance="1%",
    draw=_draw_logits,
    stem=lambda t: (
        f"A classifier gives the logits {', '.join(map(show, t.z))} for three classes. They are divided by a "
        f"temperature of {t.temperature:g} before the softmax. The true class is number {t.y + 1} of the three. How "
        "large is the cross-entropy, with the natural logarithm?"
    ),
    solve=lambda t: (
        f"log({' + '.join(f'exp(({z}) * {t.t[1]} / {t.t[0]})' for z in t.z)}) - ({t.z[t.y]}) * {t.t[1]} / {t.t[0]}"
    ),
    check=_slow_loss,
    misconceptions={
        "bits": Misconception(
            lambda t: t.loss(t.temperature) / math.log(2),
            "That is in bits: the logarithm has base 2. The question asks for the natural one.",
        ),
        "probability": Misconception(
            lambda t: math.exp(-t.loss(t.temperature)),
            "That is the probability of the true class; the loss is its negative logarithm.",
        ),
        "inverted": Misconception(
            lambda t: t.loss(1 / t.temperature),
            "The logits were multiplied by the temperature. They are divided by it, so a high one flattens the "
            "softmax.",
        ),
        "no temperature": Misconception(
            lambda t: t.loss(1),
            "The temperature was left out.",
        ),
    },
    explanation=lambda t, key: (
        f"Divided by {t.temperature:g} the logits are {', '.join(show(z / t.temperature) for z in t.z)}. Their "
        f"exponentials sum to {show(sum(math.exp(z / t.temperature) for z in t.z))}, whose logarithm is "
        f"{show(t.normaliser(t.temperature), 6)}. The loss is this minus the true class's logit: "
        f"`{show(t.normaliser(t.temperature), 6)} − {term(t.z[t.y] / t.temperature)} = {key}` nats, which is a "
        f"probability of {show(math.exp(-t.loss(t.temperature)), 3)}. The form log-sum-exp minus logit is also the one "
        "to program: it never takes the logarithm of a probability that was rounded to 0."
    ),
    hint="The loss is the logarithm of the sum of exponentials, minus the logit of the true class.",
    source=Source(
        title="PyTorch, CrossEntropyLoss",
        url="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
    ),
)


class Focal(NamedTuple):
    """The probability of the true class in %, the exponent, and its weight in %."""

    percent: int
    gamma: int
    alpha: int


FOCAL_LOSS: Family[Focal] = Family(
    id="lo-focal-loss-value",
    subtopic="LO3",
    level=Level.MEDIUM,
    digits=4,
    tolerance="1%",
    draw=lambda chance: Focal(
        chance.choice((10, 20, 30, 40, 60, 70, 80, 90, 95)), chance.choice((1, 2, 3)), chance.choice((25, 75))
    ),
    stem=lambda t: (
        f"A detector gives the true class a probability of {t.percent / 100:g}. How large is the focal loss with γ = "
        f"{t.gamma} and a weight of α = {t.alpha / 100:g} for this class, with the natural logarithm?"
    ),
    solve=lambda t: f"-{t.alpha} / 100 * (1 - {t.percent} / 100) ** {t.gamma} * log({t.percent} / 100)",
    check=lambda t: (
        math.prod([t.alpha / 100, *[(100 - t.percent) / 100] * t.gamma]) * (math.log(100) - math.log(t.percent))
    ),
    misconceptions={
        "cross-entropy": Misconception(
            lambda t: -math.log(t.percent / 100),
            "That is the plain cross-entropy: weight and modulating factor are missing.",
        ),
        "no weight": Misconception(
            lambda t: -((1 - t.percent / 100) ** t.gamma) * math.log(t.percent / 100),
            "The weight α is missing.",
        ),
        "wrong factor": Misconception(
            lambda t: -t.alpha / 100 * (t.percent / 100) ** t.gamma * math.log(t.percent / 100),
            "The factor was taken of p itself. It is (1 − p)^γ, so that easy examples with large p count little.",
        ),
    },
    explanation=lambda t, key: (
        f"The focal loss is `−α (1 − p)^γ ln p`. The cross-entropy is `−ln {t.percent / 100:g} = "
        f"{show(-math.log(t.percent / 100))}`, the modulating factor `(1 − {t.percent / 100:g})^{t.gamma} = "
        f"{show((1 - t.percent / 100) ** t.gamma)}`, the weight {t.alpha / 100:g}; the product is {key}. An example "
        "that is already classified well keeps a small share of its loss, a hard one nearly all of it: so the "
        "thousands of easy background boxes of a one-stage detector do not drown the few objects. With γ = 0 it is "
        "weighted cross-entropy."
    ),
    hint="Three factors: the weight, a power of 1 − p, and the cross-entropy.",
    source=Source(
        title="Lin et al., Focal Loss for Dense Object Detection, 2017", url="https://arxiv.org/abs/1708.02002"
    ),
)


class Tokens(NamedTuple):
    """The probabilities in % that a model gave to four tokens, one after the other."""

    percents: tuple[int, int, int, int]


def _draw_tokens(chance: random.Random) -> Tokens:
    one, two, three, four = (chance.choice((2, 4, 5, 10, 20, 25, 40, 50, 80)) for _ in range(4))
    return Tokens((one, two, three, four))


PERPLEXITY: Family[Tokens] = Family(
    id="ev-perplexity-of-four-tokens",
    subtopic="EV4",
    level=Level.EASY,
    digits=4,
    tolerance="1%",
    draw=_draw_tokens,
    stem=lambda t: (
        "A language model gave the four tokens of a text the probabilities "
        + ", ".join(f"{percent / 100:g}" for percent in t.percents)
        + ", each given the tokens before it. What is its perplexity on this text, per token?"
    ),
    solve=lambda t: "exp(-(" + " + ".join(f"log({percent} / 100)" for percent in t.percents) + ") / 4)",
    check=lambda t: math.prod(100 / percent for percent in t.percents) ** 0.25,
    misconceptions={
        "arithmetic mean": Misconception(
            lambda t: 400 / sum(t.percents),
            "That is one over the arithmetic mean. Perplexity averages logarithms, which is a geometric mean.",
        ),
        "mean of inverses": Misconception(
            lambda t: sum(100 / percent for percent in t.percents) / 4,
            "The inverse probabilities were averaged directly; perplexity averages their logarithms.",
        ),
        "whole text": Misconception(
            lambda t: math.prod(100 / percent for percent in t.percents),
            "That is one over the probability of the whole text: it was not brought to one token by the fourth root.",
        ),
    },
    explanation=lambda t, key: (
        "The probability of the text is the product `"
        + " · ".join(f"{percent / 100:g}" for percent in t.percents)
        + f" = {show(math.prod(percent / 100 for percent in t.percents))}`. Perplexity is the inverse of its geometric "
        f"mean: `{show(math.prod(percent / 100 for percent in t.percents))}^(−1/4) = {key}`, which is the same as the "
        "exponential of the mean cross-entropy in nats. The model is as unsure as if it chose among that many equally "
        "likely tokens at each place. Perplexities can be compared only between models with the same tokens, because "
        "the text is cut differently otherwise."
    ),
    hint="The exponential of the mean negative logarithm; or the fourth root of an inverse product.",
    source=Source(
        title="Hugging Face, Perplexity of fixed-length models",
        url="https://huggingface.co/docs/transformers/perplexity",
    ),
)


class Smoothed(NamedTuple):
    """Label smoothing of ``percent`` % over ``k`` classes, and the probability in % of the true class."""

    percent: int
    k: int
    p: int


def _smoothed_loss(t: Smoothed) -> float:
    share = t.percent / 100 / t.k
    targets = [1 - t.percent / 100 + share] + [share] * (t.k - 1)
    predicted = [t.p / 100] + [(1 - t.p / 100) / (t.k - 1)] * (t.k - 1)
    return sum(-target * math.log(guess) for target, guess in zip(targets, predicted, strict=True))


LABEL_SMOOTHING: Family[Smoothed] = Family(
    id="rg-label-smoothing-loss",
    subtopic="RG7",
    level=Level.HARD,
    unit="nats",
    digits=4,
    tolerance="1%",
    draw=lambda chance: Smoothed(
        chance.choice((5, 10, 20)), chance.choice((3, 4, 5, 10)), chance.choice((60, 70, 80, 90, 95))
    ),
    stem=lambda t: (
        f"Labels of {t.k} classes are smoothed with ε = {t.percent / 100:g} as in PyTorch: a share ε of the target is "
        f"spread evenly over **all** {t.k} classes. A model gives the true class {t.p / 100:g} and the others equal "
        "parts of the rest. How large is the cross-entropy against the smoothed target, with the natural logarithm?"
    ),
    solve=lambda t: (
        f"-(1 - {t.percent} / 100 + {t.percent} / 100 / {t.k}) * log({t.p} / 100) - ({t.k} - 1) * {t.percent} / 100 / "
        f"{t.k} * log((1 - {t.p} / 100) / ({t.k} - 1))"
    ),
    check=_smoothed_loss,
    misconceptions={
        "hard label": Misconception(
            lambda t: -math.log(t.p / 100),
            "That is the loss against the hard label; the smoothed target also asks a little of every other class.",
        ),
        "true class alone": Misconception(
            lambda t: -(1 - t.percent / 100 + t.percent / 100 / t.k) * math.log(t.p / 100),
            "Only the true class was counted. The others have a small target each, times a large logarithm.",
        ),
        "spread over the others": Misconception(
            lambda t: (
                -(1 - t.percent / 100) * math.log(t.p / 100) - t.percent / 100 * math.log((1 - t.p / 100) / (t.k - 1))
            ),
            "ε was spread over the other classes alone. In PyTorch the true class gets its part of it as well.",
        ),
    },
    explanation=lambda t, key: (
        f"Every class gets `{t.percent / 100:g} / {t.k} = {show(t.percent / 100 / t.k)}`, so the true one has a target "
        f"of {show(1 - t.percent / 100 + t.percent / 100 / t.k)}. The model gives each other class "
        f"{show((1 - t.p / 100) / (t.k - 1))}. The loss is `−{show(1 - t.percent / 100 + t.percent / 100 / t.k)} · ln "
        f"{t.p / 100:g} − {t.k - 1} · {show(t.percent / 100 / t.k)} · ln {show((1 - t.p / 100) / (t.k - 1))} = {key}`. "
        f"Against the hard label it would be {show(-math.log(t.p / 100))}. The loss is least when the true class gets "
        "exactly its target: more confidence costs, which keeps logits from growing without end."
    ),
    hint="Write down the target and the prediction of each class; then sum −target · ln prediction.",
    source=Source(
        title="PyTorch, CrossEntropyLoss",
        url="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
    ),
)

FAMILIES = (CROSS_ENTROPY, FOCAL_LOSS, PERPLEXITY, LABEL_SMOOTHING)
