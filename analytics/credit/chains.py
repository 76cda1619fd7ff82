"""A first-order Markov chain of paths, and what its states are worth to conversion.

Anderl, Becker, von Wangenheim & Schumann, International Journal of Research in Marketing 33,
2016. A path begins at the start, passes states, and ends in a sale or in nothing. A state's removal
effect is the share of sales that would be lost if whoever came to it left. It is had in closed
form, from the fundamental matrix (Kemeny & Snell 1960); nothing is simulated.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def removal_effects(
    starting: Floats, between: Floats, converting: Floats, ending: Floats
) -> Floats:
    """Return each state's removal effect, between 0 and 1, of counted transitions.

    With S states: `starting` (..., S) counts first states of paths, `between` (..., S, S) steps
    from a row's state to a column's, `converting` and `ending` (..., S) last states of paths that
    ended in a sale and in nothing. Leading axes are chains apart, such as replicates of a
    bootstrap. Where no path ends in a sale, no state has an effect: 0.
    """
    leaving = between.sum(axis=-1) + converting + ending
    probability = np.divide(1.0, leaving, out=np.zeros_like(leaving), where=leaving > 0)
    states = starting.shape[-1]
    visits = np.linalg.inv(np.eye(states) - between * probability[..., None])
    reaching = _rows_times(starting, visits)
    succeeding = (visits @ (converting * probability)[..., None])[..., 0]
    once = np.diagonal(visits, axis1=-2, axis2=-1)
    sales = (starting * succeeding).sum(axis=-1, keepdims=True)
    lost = reaching * succeeding / once
    return np.divide(lost, sales, out=np.zeros_like(lost), where=sales > 0)


def _rows_times(rows: Floats, matrices: Floats) -> Floats:
    return (rows[..., None, :] @ matrices)[..., 0, :]


def shares_of_path(effects: Floats, contained: Bools) -> Floats:
    """Share one among the states that a path contains, in proportion to their effects.

    `effects` is (..., S), `contained` (P, S): which of the states each path contains. Returns
    (..., P, S), whose last axis adds up to 1, or to 0 for a path without any. States whose effects
    are all 0 share equally.
    """
    weights = effects[..., None, :] * contained
    total = weights.sum(axis=-1, keepdims=True)
    size = contained.sum(axis=-1, keepdims=True)
    equal = np.divide(contained, size, out=np.zeros(contained.shape), where=size > 0)
    return np.where(total > 0, weights / np.where(total > 0, total, 1.0), equal)


def replicates(groups: int, number: int, seed: int) -> Floats:
    """Return (number, groups): how often each group of persons is drawn in each replicate.

    A bootstrap over groups (Efron 1979): the same seed gives the same draws.
    """
    draws = np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), number)
    return draws.astype(np.float64)
