from detectors.errors import Reason, RedoubtError
from streams.fates import FATES, Fate


def test_every_reason_has_a_fate() -> None:
    assert set(FATES) == set(Reason)


def test_nothing_in_doubt_is_passed_on() -> None:
    assert all(isinstance(fate, Fate) for fate in FATES.values())
    assert "release" not in {fate.value for fate in Fate}


def test_an_error_keeps_its_reason_over_a_process_border() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(RedoubtError(Reason.ENCRYPTED)))  # noqa: S301  made one line above
    assert error.reason is Reason.ENCRYPTED
    assert str(error) == "encrypted"
