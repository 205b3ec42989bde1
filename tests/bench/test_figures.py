import pytest

from bench.figures import Figures, Slice, Spread, percentile, ratios


def slice_of(requests: int, seconds: float = 2) -> Slice:
    return Slice(seconds, [float(n) for n in range(1, requests + 1)])


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(percent: float, value: float) -> None:
    assert percentile([float(n) for n in range(1, 101)], percent) == value


def test_a_percentile_of_few_values_is_one_of_them() -> None:
    assert percentile([3.0], 99) == 3
    assert percentile([1.0, 2.0, 3.0], 50) == 2
    assert percentile([1.0, 2.0, 3.0], 95) == 3


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_a_rate_is_what_was_answered_in_the_time() -> None:
    assert slice_of(100, seconds=2).per_second == 50


def test_ratios_compare_the_rates_of_the_same_round() -> None:
    ours, theirs = [slice_of(100), slice_of(90)], [slice_of(50), slice_of(60)]
    assert ratios(ours, theirs) == [2, 1.5]


def test_ratios_need_as_many_rounds_of_both() -> None:
    with pytest.raises(ValueError, match="argument"):
        ratios([slice_of(10)], [slice_of(10), slice_of(10)])


def test_the_spread_has_the_median_between_the_extremes() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(median=2, least=1, most=3)
    assert Spread.of([1.0, 2.0]).median == 1.5


def test_figures_take_the_latencies_of_all_rounds_together_and_the_median_rate() -> None:
    figures = Figures.of([Slice(1, [1.0, 9.0]), Slice(1, [2.0, 3.0, 4.0, 5.0]), Slice(1, [6.0, 7.0, 8.0])])
    assert figures.per_second == Spread(median=3, least=2, most=4)
    assert (figures.p50, figures.p99) == (5, 9)


def test_cpu_time_is_unknown_where_no_round_could_tell_it() -> None:
    told = Figures.of([Slice(1, [1.0], server_cpu=0.4, database_cpu=None), Slice(1, [1.0], 0.6, None)])
    assert (told.server_cpu, told.database_cpu) == (0.5, None)
