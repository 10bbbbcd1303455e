"""What ``RAG_API_KEYS`` may say, and whose a key is."""

from __future__ import annotations

import hmac

import pytest
from pydantic import SecretStr

from api.guard.keys import Keyring, name_of, parse_keys
from rag import SettingError, Settings


def ring(text: str) -> Keyring:
    return parse_keys(Settings(api_keys=SecretStr(text)))


def test_a_bare_key_has_every_right_everywhere() -> None:
    keys = ring(" alpha-key ,, beta-key,")
    assert len(keys) == 2
    caller = keys.find(b"alpha-key")
    assert caller is not None
    assert caller.rights == {"ask", "write", "ops"}
    assert caller.collections == ()
    assert keys.find(b"gamma-key") is None
    assert keys.find(b"") is None


def test_rights_and_collections() -> None:
    text = "reader:ask, editor:ask+write@tea+陶艺, guest@tea, meter: ops"
    keys = ring(text)
    found = {key: keys.find(key) for key in (b"reader", b"editor", b"guest", b"meter")}
    seen = {key: (set(caller.rights), caller.collections) for key, caller in found.items() if caller}
    assert seen == {
        b"reader": ({"ask"}, ()),
        b"editor": ({"ask", "write"}, ("tea", "陶艺")),
        b"guest": ({"ask", "write", "ops"}, ("tea",)),
        b"meter": ({"ops"}, ()),
    }
    assert keys.find(b"reader:ask") is None


@pytest.mark.parametrize("given", [b"alpha-key", b"gamma-key", b"", b"x" * 5000])
def test_every_key_is_compared_in_constant_time(given: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    keys = ring("alpha-key, beta-key")
    monkeypatch.setattr("api.guard.keys.hmac.compare_digest", counted)
    assert (keys.find(given) is not None) is (given == b"alpha-key")
    assert compared == [(32, 32)] * 2  # all of them, whichever fits, and all of one length


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("good-one, secret-key:read", "ask, write, ops"),
        ("good-one, secret-key:", "ask, write, ops"),
        ("good-one, secret-key:ask+", "ask, write, ops"),
        ("good-one, secret-key@", "collection"),
        ("good-one, secret-key@a+", "collection"),
        ("good-one, secret-key@a b", "collection"),
        ("good-one, secret-key@../up", "collection"),
        ("good-one, secret-key@tea:ask", "collection"),
        ("good-one, secret-key secret-key2", "no spaces"),
        ("good-one, secret-key\nsecret-key2", "no spaces"),
        ("good-one, :ask", "no spaces"),
        ("good-one, @tea", "no spaces"),
        ("good-one, good-one:ask", "repeats"),
    ],
)
def test_what_is_wrong_is_told_by_place_and_never_shows_a_key(text: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as caught:
        ring(text)
    error = caught.value
    assert error.param == "api_keys"
    assert "2" in error.en
    assert "2" in error.zh
    assert "secret-key" not in error.en + error.zh
    assert "good-one" not in error.en + error.zh


def test_a_name_tells_keys_apart_and_is_no_part_of_them() -> None:
    assert name_of("alpha-key") == name_of("alpha-key") != name_of("beta-key")
    keys = ring("alpha-key")
    caller = keys.find(b"alpha-key")
    assert caller is not None
    assert caller.name == name_of("alpha-key")
    assert "alpha" not in caller.name


def test_short_keys_are_weak() -> None:
    keys = ring("short, long-enough-to-be-strong")
    assert keys.weak == (name_of("short"),)
