"""A release that keeps the patient's identifiers is held where the document shows none of them."""

from __future__ import annotations

import pytest

from detectors.errors import Reason
from detectors.findings import Finding, Kind, Layer, Owner
from detectors.geometry import Box, Quad
from policies import profile as profiles
from policies.decisions import Decision
from streams.pipeline.doubts import misfiled

HERE = (Quad.of(Box(0, 0, 10, 10)),)


def decided(profile: profiles.Profile, kind: Kind, owner: Owner) -> Decision:
    return profile.decide(Finding(0, kind, 1.0, Layer.PATIENT, HERE, owner=owner), "Somebody Else")


@pytest.mark.parametrize("name", ["roi-authorization", "roi-patient-access"])
def test_another_persons_record_is_held(name: str) -> None:
    profile = profiles.load(name)
    strangers = [decided(profile, Kind.PERSON, Owner.UNKNOWN), decided(profile, Kind.DATE, Owner.PATIENT)]
    assert misfiled(profile, strangers) == (Reason.PATIENT_NOT_FOUND,)
    assert misfiled(profile, []) == (Reason.PATIENT_NOT_FOUND,)
    assert misfiled(profile, [*strangers, decided(profile, Kind.MRN, Owner.PATIENT)]) == ()


@pytest.mark.parametrize("name", ["maximal", "hipaa-safe-harbor", "analytics", "limited-data-set"])
def test_profiles_that_take_everybody_out_do_not_ask(name: str) -> None:
    assert misfiled(profiles.load(name), []) == ()
