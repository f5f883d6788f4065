"""Values from generative models, by hand."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show, term
from questions.model import Level, Source


class Latent(NamedTuple):
    """Means and log-variances of two latent dimensions, in tenths."""

    means: tuple[int, int]
    logs: tuple[int, int]


def _draw_latent(chance: random.Random) -> Latent:
    means = chance.choice((-15, -10, -5, 5, 10, 20)), chance.choice((-10, 0, 5, 10, 15))
    return Latent(means, (chance.choice((-20, -15, -10, -5)), chance.choice((-10, -5, 5, 10))))


def _kl(t: Latent, scale: float = 1.0) -> float:
    """Return the divergence with every log-variance multiplied by ``scale``."""
    logs = [scale * log / 10 for log in t.logs]
    return sum((mean / 10) ** 2 + math.exp(log) - 1 - log for mean, log in zip(t.means, logs, strict=True)) / 2


def _integrated_kl(t: Latent) -> float:
    """Integrate q ln(q/p) in each dimension over ten standard deviations, by the trapezoidal rule."""
    total = 0.0
    for mean, log in zip((m / 10 for m in t.means), (v / 10 for v in t.logs), strict=True):
        deviation = math.exp(log / 2)
        for place in range(-50, 51):
            u = place / 5
            x = mean + deviation * u
            q = math.exp(-u * u / 2) / math.sqrt(2 * math.pi)
            total += q * (-log / 2 - u * u / 2 + x * x / 2) / 5
    return total


VAE_KL: Family[Latent] = Family(
    id="ae-vae-kl-term",
    subtopic="AE2",
    level=Level.MEDIUM,
    unit="nats",
    digits=4,
    tolerance="1%",
    draw=_draw_latent,
    stem=lambda t: (
        f"The encoder of a VAE gives two latent dimensions the means {show(t.means[0] / 10)} and "
        f"{show(t.means[1] / 10)} and the log-variances (ln σ²) {show(t.logs[0] / 10)} and {show(t.logs[1] / 10)}. How "
        "large is the KL term against the standard normal prior, summed over both dimensions, in nats?"
    ),
    solve=lambda t: (
        "("
        + " + ".join(
            f"({mean} / 10) ** 2 + exp(({log}) / 10) - 1 - ({log}) / 10"
            for mean, log in zip(t.means, t.logs, strict=True)
        )
        + ") / 2"
    ),
    check=_integrated_kl,
    misconceptions={
        "no half": Misconception(
            lambda t: 2 * _kl(t),
            "The factor ½ is missing.",
        ),
        "log deviation": Misconception(
            lambda t: _kl(t, 2),
            "The values were read as ln σ. They are ln σ², so the variance is their exponential.",
        ),
        "mean over dimensions": Misconception(
            lambda t: _kl(t) / 2,
            "The dimensions were averaged. The divergence of independent dimensions is their sum.",
        ),
    },
    explanation=lambda t, key: (
        "For each dimension the term is `½ (μ² + σ² − 1 − ln σ²)`, with `σ² = exp(ln σ²)`. "
        + "; ".join(
            f"`½ ({show((mean / 10) ** 2)} + {show(math.exp(log / 10))} − 1 − {term(log / 10)}) = "
            f"{show(((mean / 10) ** 2 + math.exp(log / 10) - 1 - log / 10) / 2)}`"
            for mean, log in zip(t.means, t.logs, strict=True)
        )
        + f". The sum is {key} nats. A dimension adds 0 only at μ = 0 and σ² = 1, where it says nothing about its "
        "input: that is the collapse to watch for. Networks put out ln σ² because it may be any number, while σ² must "
        "be positive."
    ),
    hint="Turn the log-variances into variances first; each dimension adds ½ (μ² + σ² − 1 − ln σ²).",
    source=Source(
        title="Kingma and Welling, Auto-Encoding Variational Bayes, 2013", url="https://arxiv.org/abs/1312.6114"
    ),
)


class Noise(NamedTuple):
    """Three values of beta of a diffusion process, in hundredths."""

    betas: tuple[int, int, int]


def _draw_noise(chance: random.Random) -> Noise:
    one, two, three = sorted(chance.sample(range(3, 31), 3))
    return Noise((one, two, three))


def _kept(t: Noise) -> float:
    """Return the product of 1 − β."""
    return math.prod(1 - beta / 100 for beta in t.betas)


def _diffused(t: Noise) -> float:
    """Send a signal of 1 through the steps, each of which scales it by √(1 − β)."""
    signal = 1.0
    for beta in t.betas:
        signal *= math.sqrt(1 - beta / 100)
    return signal


SIGNAL_LEVEL: Family[Noise] = Family(
    id="dm-signal-after-three-steps",
    subtopic="DM1",
    level=Level.MEDIUM,
    digits=4,
    tolerance="0.5%",
    draw=_draw_noise,
    stem=lambda t: (
        "A toy diffusion process with DDPM's variance-preserving forward step has three steps with β = "
        + ", ".join(f"{beta / 100:g}" for beta in t.betas)
        + ". By which factor is the clean image x₀ multiplied in x₃?"
    ),
    solve=lambda t: "sqrt(" + " * ".join(f"(1 - {beta} / 100)" for beta in t.betas) + ")",
    check=_diffused,
    misconceptions={
        "no root": Misconception(
            _kept,
            "That is ᾱ, the share of the variance; the image itself is multiplied by its root.",
        ),
        "noise level": Misconception(
            lambda t: math.sqrt(1 - _kept(t)),
            "That is the factor of the noise, √(1 − ᾱ).",
        ),
        "sum of betas": Misconception(
            lambda t: math.sqrt(1 - sum(t.betas) / 100),
            "The betas were added. What each step leaves is multiplied: 1 − β₁, times 1 − β₂, times 1 − β₃.",
        ),
    },
    explanation=lambda t, key: (
        "A step is `x_t = √(1 − β_t) · x_{t−1} + √β_t · ε`. The factors of the image multiply: with `ᾱ = "
        + " · ".join(f"{1 - beta / 100:g}" for beta in t.betas)
        + f" = {show(_kept(t))}` the image has the factor `√ᾱ = {key}` and the noise `√(1 − ᾱ) = "
        f"{show(math.sqrt(1 - _kept(t)))}`. The squares add up to 1, so data of variance 1 keeps variance 1 at every "
        "step. Because the product is known beforehand, training can jump to any step at once instead of simulating "
        "all of them."
    ),
    hint="Each step multiplies what is left of the image by √(1 − β).",
    source=Source(
        title="Ho et al., Denoising Diffusion Probabilistic Models, 2020", url="https://arxiv.org/abs/2006.11239"
    ),
)

FAMILIES = (VAE_KL, SIGNAL_LEVEL)
