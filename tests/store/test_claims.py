"""What a store is begun by, how large an object may be, and objects that change their key: on a folder and on S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detectors.errors import Reason, RedoubtError
from streams import wiring
from streams.cli import app
from streams.reasons import told
from streams.settings import Settings, StoreSettings
from streams.store.claims import ObjectClaims, open_claims
from tests.store.gateway import Place, place, s3

__all__ = ["place", "s3"]


def reason(store: ObjectClaims, call: str, *arguments: object) -> Reason:
    with pytest.raises(RedoubtError) as caught:
        getattr(store, call)(*arguments)
    return caught.value.reason


def test_what_can_be_put_can_be_read_and_nothing_larger(place: Place) -> None:
    store = open_claims(place.url, max_bytes=12_000_000)
    for key, size in (("a/whole", 12_000_000), ("a/pieces", 12_000_000)):
        content = b"x" * size
        if key == "a/whole":
            store.put(key, content)
        else:
            store.put_pieces(key, [content[:7_000_000], content[7_000_000:]])
        assert store.get(key) == content
    assert reason(store, "put", "b/whole", b"x" * 12_000_001) is Reason.TOO_MANY_BYTES
    assert reason(store, "put_pieces", "b/pieces", [b"x" * 6_000_000] * 2 + [b"x"]) is Reason.TOO_MANY_BYTES
    assert list(store.keys("b")) == []


def test_what_pieces_raise_is_told_as_it_is(place: Place) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield b"x" * 6_000_000
        raise RedoubtError(Reason.HASH_MISMATCH)

    assert reason(place.open(), "put_pieces", "a/b", breaking_off()) is Reason.HASH_MISMATCH


def test_an_object_that_is_moved_has_its_new_key_only(place: Place) -> None:
    store = place.open()
    store.put("a/old", b"this")
    store.put("a/there", b"other")
    store.move("a/old", "b/new")
    store.move("b/new", "a/there")
    assert store.get("a/there") == b"this"
    store.move("a/old", "a/there")
    assert sorted([*store.keys("a"), *store.keys("b")]) == ["a/there"]


def test_a_folder_that_was_never_begun_as_a_store_is_none_and_stays_untouched(tmp_path: Path) -> None:
    url, folder = (tmp_path / "phi").as_uri(), tmp_path / "phi"
    for there in (False, True):
        if there:
            folder.mkdir(mode=0o755)
        with pytest.raises(RedoubtError) as caught:
            open_claims(url, begins=False).probe()
        assert caught.value.reason is Reason.STORE_UNMARKED
        assert folder.exists() is there
    assert reason(open_claims(url, begins=False), "put", "a/b", b"x") is Reason.STORE_UNMARKED
    assert list(folder.iterdir()) == []
    open_claims(url).probe()
    open_claims(url, begins=False).put("a/b", b"x")


def test_production_takes_a_folder_for_a_store_only_once_it_was_made_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the volume is not mounted: nothing is written below the mount point."""
    places = {name: (tmp_path / name).as_uri() for name in ("phi", "masked")}
    settings = Settings(store=StoreSettings(phi_url=places["phi"], masked_url=places["masked"]))
    (tmp_path / "phi").mkdir()
    with pytest.raises(RedoubtError) as caught:
        wiring.retention(settings, "retention")
    assert caught.value.reason is Reason.STORE_UNMARKED
    assert list((tmp_path / "phi").iterdir()) == []
    for name, url in places.items():
        monkeypatch.setenv(f"REDOUBT_STORE__{name.upper()}_URL", url)
    done = CliRunner().invoke(app, ["create-stores"])
    assert done.exit_code == 0, done.output
    wiring.retention(settings, "retention")
    assert "redoubt create-stores" in told(Reason.STORE_UNMARKED)
