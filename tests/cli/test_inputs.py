"""Options that several commands share: what is wrong is named, and no value is repeated."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from detectors.subject import Subject
from policies import profile as profiles
from policies.scope.authorization import Sensitive
from streams.cli.shared.inputs import (
    FORMS,
    authorization_from,
    looked_for,
    must_hold,
    patient_from,
    program_from,
    warn_without_patient,
)
from streams.events import DocumentClass

README = (Path(__file__).parents[2] / "README.md").read_text()
CANARY = "Quillanthe"
DAY = "2999-01-01"


def told(error: pytest.ExceptionInfo[typer.BadParameter]) -> str:
    return f"{error.value.param_hint} {error.value.message}"


class TestPatient:
    def read(self, folder: Path, content: object) -> Subject | None:
        file = folder / "patient.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return patient_from(file)

    def test_every_key_is_optional_and_every_field_has_a_form(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, {}) == Subject()
        assert set(FORMS) == {field.name for field in dataclasses.fields(Subject)}

    def test_readmes_patient_is_one_and_every_key_is_named_there(self, tmp_path: Path) -> None:
        (example,) = re.findall(r"```json\n(.*?)```", README, flags=re.DOTALL)
        found = self.read(tmp_path, example)
        assert found
        assert found.names
        assert [key for key in FORMS if f'"{key}"' not in example and f"`{key}`" not in README] == []

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ({"nickname": CANARY}, ("'nickname'", "not known", "birth_date")),
            ({"names": CANARY}, ("names", "list of strings")),
            ({"names": ["Al"], "phones": [CANARY, 5]}, ("phones", "list of strings")),
            ({"mrn": [CANARY]}, ("mrn", "a string")),
            ({"birth_date": CANARY}, ("birth_date", "YYYY-MM-DD")),
            ({"birth_date": None}, ("birth_date", "YYYY-MM-DD")),
            ({f"{CANARY} 1961-03-04": 1}, ("a key is not known",)),
            ([CANARY], ("one object", "names")),
            (f'{{"names": ["{CANARY}"]', ("not JSON",)),
            ("[" * 100_000, ("not JSON",)),
        ],
    )
    def test_the_key_is_named_and_the_value_is_not(
        self, tmp_path: Path, content: object, words: tuple[str, ...]
    ) -> None:
        with pytest.raises(typer.BadParameter) as caught:
            self.read(tmp_path, content)
        assert [word for word in ("--patient", *words) if word not in told(caught)] == []
        assert CANARY not in told(caught)
        assert "1961" not in told(caught)


class TestAuthorization:
    def test_it_carries_what_it_allows_once(self) -> None:
        found = authorization_from("a-1", DAY, [Sensitive.SUD, Sensitive.HIV, Sensitive.SUD])
        assert found
        assert (found.id, found.expires, found.sensitive) == ("a-1", date(2999, 1, 1), ("sud", "hiv"))

    def test_it_carries_the_days_and_classes_that_it_covers(self) -> None:
        classes = [DocumentClass.LAB_REPORT, DocumentClass.LAB_REPORT, DocumentClass.PROGRESS_NOTE]
        found = authorization_from("a-1", DAY, days=("2020-01-01", "2020-01-01"), classes=classes)
        assert found
        assert (found.date_from, found.date_to) == (date(2020, 1, 1), date(2020, 1, 1))
        assert found.classes == ("lab_report", "progress_note")
        open_ended = authorization_from("a-1", DAY, days=(None, "2020-01-01"))
        assert open_ended
        assert (open_ended.date_from, open_ended.date_to, open_ended.classes) == (None, date(2020, 1, 1), None)

    @pytest.mark.parametrize("days", [("2020-01-02", "2020-01-01"), ("", None), (None, CANARY), (CANARY, None)])
    def test_days_that_are_no_range_are_refused(self, days: tuple[str | None, str | None]) -> None:
        with pytest.raises(typer.BadParameter) as caught:
            authorization_from("a-1", DAY, days=days)
        assert "--authorization-" in told(caught)
        assert CANARY not in told(caught)

    @pytest.mark.parametrize("program", ["part2", "part2-rehab", "unspecified", "part-time clinic", "dept 2"])
    def test_programmes_are_named_freely(self, program: str) -> None:
        assert program_from(program) == program

    @pytest.mark.parametrize("program", ["Part2", "part 2", "PART II", "part-2-rehab", "pt 2", "42 CFR Part 2"])
    def test_nearly_a_part_2_programme_is_refused(self, program: str) -> None:
        with pytest.raises(typer.BadParameter):
            program_from(program)

    def test_none_is_none(self) -> None:
        assert authorization_from(None, None) is None

    def test_the_last_day_is_asked_for(self) -> None:
        with pytest.raises(typer.BadParameter) as caught:
            authorization_from("a-1", None)
        assert "--authorization-expires is also needed" in told(caught)

    @pytest.mark.parametrize(
        "options",
        [
            {"expires": DAY}, {"allows": ["sud"]}, {"revoked": True}, {"days": (None, DAY)},
            {"classes": [DocumentClass.OTHER]},
        ],
    )  # fmt: skip
    def test_its_id_is_asked_for(self, options: dict[str, Any]) -> None:
        with pytest.raises(typer.BadParameter) as caught:
            authorization_from(None, **{"expires": None, **options})
        assert "--authorization-id is also needed" in told(caught)

    def test_what_is_missing_is_not_called_invalid(self) -> None:
        """A person reads the whole line: 'Invalid value for --authorization-expires: is also needed' is none."""
        with pytest.raises(typer.BadParameter) as caught:
            authorization_from("a-1", None)
        assert caught.value.format_message() == (
            "--authorization-expires is also needed: the authorization's last valid day, YYYY-MM-DD"
        )
        with pytest.raises(typer.BadParameter) as caught:
            must_hold(None, profiles.load("part2-sud"))
        assert caught.value.format_message().startswith("part2-sud: the profile needs an authorization: give --auth")
        with pytest.raises(typer.BadParameter) as caught:
            must_hold(authorization_from("a-1", DAY, revoked=True), profiles.load("part2-sud"))
        assert caught.value.format_message().startswith("--authorization-revoked: the authorization was revoked")

    def test_a_day_that_is_none_is_not_repeated(self) -> None:
        with pytest.raises(typer.BadParameter) as caught:
            authorization_from("a-1", CANARY)
        assert CANARY not in told(caught)

    def test_the_list_of_categories_is_that_of_the_profiles(self) -> None:
        schema = json.loads((Path(profiles.__file__).parent / "profiles" / "schema.json").read_text())
        assert schema["$defs"]["category"]["enum"] == [category.value for category in Sensitive]


class TestWithoutAPatient:
    @pytest.mark.parametrize("name", profiles.names())
    def test_profiles_that_keep_the_patient_say_so(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        warn_without_patient(profiles.load(name), None)
        said = capsys.readouterr().err
        keeps = name.startswith("roi-") or name == "part2-sud"
        assert said.count("\n") == (1 if keeps else 0)
        assert ("nobody can be recognised as the patient" in said) == keeps

    def test_what_is_looked_for_is_told_by_its_keys(self) -> None:
        """By a birth date or an address alone nobody's record is known."""
        known = Subject(names=(CANARY,), birth_date=date(1961, 3, 4), mrn="7", addresses=(CANARY,), relatives=(CANARY,))
        assert looked_for(known) == "names and mrn of --patient were looked for"
        nobody = "--patient has none of names, mrn, ssn and ids, by one of which a record is known to be the patient's"
        assert looked_for(Subject(birth_date=date(1961, 3, 4))) == nobody
        assert looked_for(None) == "no --patient was given"

    def test_a_patient_without_names_is_nobody(self, capsys: pytest.CaptureFixture[str]) -> None:
        profile = profiles.load("roi-authorization")
        warn_without_patient(profile, Subject(mrn="1"))
        assert capsys.readouterr().err
        warn_without_patient(profile, Subject(names=("Al",)))
        assert capsys.readouterr().err == ""
