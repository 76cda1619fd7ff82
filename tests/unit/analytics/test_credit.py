"""Removal effects: the published example, closed form against simulation by hand, edges."""

from itertools import pairwise

import numpy as np
import pytest

from analytics.credit.chains import removal_effects, replicates, shares_of_path

PUBLISHED = [("C1", "C2", "C3", "sale"), ("C1", "nothing"), ("C2", "C3", "nothing")]


def counted(paths: list[tuple[str, ...]], states: list[str]) -> tuple[np.ndarray, ...]:
    """Return what removal_effects wants, counted from paths that end in sale or nothing."""
    number = {state: index for index, state in enumerate(states)}
    size = len(states)
    starting, between = np.zeros(size), np.zeros((size, size))
    ends = {"sale": np.zeros(size), "nothing": np.zeros(size)}
    for *visited, end in paths:
        starting[number[visited[0]]] += 1
        for here, there in pairwise(visited):
            between[number[here], number[there]] += 1
        ends[end][number[visited[-1]]] += 1
    return starting, between, ends["sale"], ends["nothing"]


def test_the_published_example_to_the_digit():
    effects = removal_effects(*counted(PUBLISHED, ["C1", "C2", "C3"]))
    assert effects / effects.sum() == pytest.approx([0.2, 0.4, 0.4], abs=1e-12)


def test_a_path_that_returns_to_a_state_counts_each_visit():
    # From A half the steps return to A by B, so P(sale | A) is 1/2 of those that leave it.
    paths = [("A", "B", "A", "sale"), ("A", "nothing"), ("B", "nothing")]
    effects = removal_effects(*counted(paths, ["A", "B"]))
    # By hand: A leaves 3 times (B, sale, nothing), B twice (A, nothing). x = P(sale | A) with
    # x = 1/3 + 1/3 * x / 2, so 2/5; from B 1/5; from the start 2/3 * 2/5 + 1/3 * 1/5 = 1/3.
    # Without A nothing is sold; without B x is 1/3, and 2/3 * 1/3 = 2/9 are.
    assert effects == pytest.approx([1, 1 - (2 / 9) / (1 / 3)])


def test_removing_a_state_is_leaving_it_out_of_the_chain():
    generator = np.random.default_rng(7)
    size = 6
    starting, converting, ending = generator.integers(1, 50, (3, size)).astype(float)
    between = generator.integers(0, 50, (size, size)).astype(float)
    effects = removal_effects(starting, between, converting, ending)

    leaving = between.sum(axis=1) + converting + ending

    def sales(kept: np.ndarray) -> float:
        steps = (between / leaving[:, None])[np.ix_(kept, kept)]
        ends = (converting / leaving)[kept]
        return float(starting[kept] @ np.linalg.solve(np.eye(len(kept)) - steps, ends))

    whole = sales(np.arange(size))
    for state in range(size):
        without = sales(np.delete(np.arange(size), state))
        assert effects[state] == pytest.approx(1 - without / whole)


def test_no_sale_at_all_is_no_effect_and_no_division_by_zero():
    effects = removal_effects(*counted([("A", "nothing")], ["A", "B"]))
    assert effects.tolist() == [0, 0]


def test_a_state_that_a_replicate_never_draws_has_no_effect():
    starting, between, converting, ending = counted([("A", "sale")], ["A", "B"])
    effects = removal_effects(starting, between, converting, ending)
    assert effects.tolist() == [1, 0]


def test_chains_side_by_side_are_chains_one_by_one():
    one = counted(PUBLISHED, ["C1", "C2", "C3"])
    other = counted([("C1", "sale"), ("C3", "nothing")], ["C1", "C2", "C3"])
    together = removal_effects(*(np.stack(pair) for pair in zip(one, other, strict=True)))
    assert together == pytest.approx(np.stack([removal_effects(*one), removal_effects(*other)]))


def test_shares_add_up_to_the_sale():
    contained = np.array([[True, True, False], [False, False, True], [False, False, False]])
    shares = shares_of_path(np.array([0.2, 0.6, 0.4]), contained)
    assert shares.tolist() == [[pytest.approx(0.25), pytest.approx(0.75), 0], [0, 0, 1], [0, 0, 0]]


def test_states_without_any_effect_share_equally():
    shares = shares_of_path(np.zeros(2), np.array([[True, True]]))
    assert shares.tolist() == [[0.5, 0.5]]


def test_a_bootstrap_draws_the_same_groups_from_the_same_seed():
    draws = replicates(groups=200, number=50, seed=1)
    assert draws.shape == (50, 200)
    assert (draws.sum(axis=1) == 200).all()
    assert (draws == replicates(groups=200, number=50, seed=1)).all()
    assert (draws != replicates(groups=200, number=50, seed=2)).any()
