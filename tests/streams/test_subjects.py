from datetime import date

import pytest

from detectors.errors import RedoubtError
from detectors.subject import Subject
from streams.subjects import subject_from_json, subject_to_json

SUBJECT = Subject(names=("Ana Testcase",), birth_date=date(1961, 3, 4), mrn="00123-4", relatives=("Bo Testcase",))


def test_there_and_back() -> None:
    assert subject_from_json(subject_to_json(SUBJECT)) == SUBJECT


@pytest.mark.parametrize(
    "broken",
    [[], "x", {"nickname": "Al"}, {"names": "Ana"}, {"names": [1]}, {"birth_date": "4 March"}, {"mrn": 123}],
)
def test_broken_patients_are_refused_without_their_content(broken: object) -> None:
    with pytest.raises(RedoubtError) as caught:
        subject_from_json(broken)
    assert str(caught.value) == "invalid_event"


def test_a_subject_does_not_print_itself() -> None:
    assert "Testcase" not in repr(SUBJECT)
