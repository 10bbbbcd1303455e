"""``RAG_API_KEYS``: who may do what, and in which collections.

One entry a key, parted by commas: ``KEY[:right+right][@collection+collection]``; a bare key has every right in every
collection. Keys themselves are not kept: a ring holds their digests, which are compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import cast

from api.guard.caller import RIGHTS, Caller, Right
from rag import SettingError, Settings, is_collection_name

FORM = "KEY[:ask+write+ops][@collection+collection]"
ENTRY = re.compile(r"(?P<key>[^:@]*)(?::(?P<rights>[^@]*))?(?:@(?P<collections>.*))?", re.DOTALL)

# Under this a key can be guessed by a patient machine.
SHORTEST_STRONG = 16


class Keyring:
    """The callers by the digests of their keys. Without keys it is false, and the service is open."""

    def __init__(self, callers: dict[bytes, Caller], weak: tuple[str, ...] = ()) -> None:
        self._callers = callers
        self.weak = weak
        """Names of the callers whose keys are shorter than ``SHORTEST_STRONG`` characters."""

    def __len__(self) -> int:
        return len(self._callers)

    def find(self, key: bytes) -> Caller | None:
        """Whose key it is, if anyone's.

        Every digest is compared, each in constant time and all of one length, so that the time says nothing about
        any key.
        """
        given = _digest(key)
        matches = [caller for known, caller in self._callers.items() if hmac.compare_digest(given, known)]
        return matches[0] if matches else None


def parse_keys(settings: Settings) -> Keyring:
    """The keys of ``api_keys``; none where it is empty.

    Raises:
        SettingError: naming the entry by its place (never by its key) and what is wrong with it.
    """
    callers: dict[bytes, Caller] = {}
    weak = []
    entries = [entry.strip() for entry in settings.api_keys.get_secret_value().split(",")]
    for place, entry in enumerate(filter(None, entries), start=1):
        key, caller = _read(entry, place)
        if _digest(key.encode()) in callers:
            raise _wrong(place, "repeats an earlier key; list each key once", "与前面的密钥重复；每个密钥只写一次")
        callers[_digest(key.encode())] = caller
        if len(key) < SHORTEST_STRONG:
            weak.append(caller.name)
    return Keyring(callers, tuple(weak))


def _read(entry: str, place: int) -> tuple[str, Caller]:
    parts = ENTRY.fullmatch(entry)
    key = parts["key"].strip() if parts else ""
    if not parts or not key or any(character.isspace() or not character.isprintable() for character in key):
        raise _wrong(
            place,
            f"is not of the form {FORM}; a key has no spaces, ':' or '@', and commas part the entries",
            f"不是 {FORM} 的形式；密钥中不能有空格、“:”和“@”，各项之间用逗号分隔",
        )
    rights = RIGHTS if parts["rights"] is None else tuple(right.strip() for right in parts["rights"].split("+"))
    for right in rights:
        if right not in RIGHTS:
            good = ", ".join(RIGHTS)
            raise _wrong(
                place,
                f"has {right!r} for a right; the rights are {good}, joined by '+'",
                f"中的“{right}”不是权限；可用的权限是 {good}，用“+”连接",
            )
    collections = () if parts["collections"] is None else tuple(map(str.strip, parts["collections"].split("+")))
    for collection in collections:
        if not is_collection_name(collection):
            raise _wrong(
                place,
                f"has {collection!r} for a collection; a name is of letters, digits, '_' and '-', 64 at the most",
                f"中的“{collection}”不是资料集的名称；名称由文字、数字、“_”和“-”组成，最多 64 个字符",
            )
    return key, Caller(name_of(key), frozenset(cast("tuple[Right, ...]", rights)), collections)


def name_of(key: str) -> str:
    """What tells ``key`` apart in logs and limits: the same at each start, and no way back to the key."""
    return "key_" + hashlib.sha256(b"suanlian caller\0" + key.encode()).hexdigest()[:8]


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def _wrong(place: int, en: str, zh: str) -> SettingError:
    return SettingError(f"Entry {place} of RAG_API_KEYS {en}.", f"RAG_API_KEYS 的第 {place} 项{zh}。", param="api_keys")
