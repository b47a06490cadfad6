"""Encryption of identity numbers with SM4-GCM (GB/T 32907), found again by HMAC-SM3 (GB/T 32905).

A sealed number is: one byte with the length of the key id, the key id, 12 bytes of nonce, 16 of
tag, the ciphertext. The key id is authenticated with it.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from members.identity import keys

NONCE = 12
TAG = 16


class BrokenSealError(ValueError):
    """Sealed bytes that no key of ours made: altered, or their key is missing from the settings."""


def seal(number: str) -> bytes:
    """Encrypt a number under the current key."""
    ring = keys.ring()
    key_id = ring.current.encode()
    nonce = os.urandom(NONCE)
    encryptor = Cipher(algorithms.SM4(ring.keys[ring.current]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(key_id)
    ciphertext = encryptor.update(number.encode()) + encryptor.finalize()
    return bytes([len(key_id)]) + key_id + nonce + encryptor.tag + ciphertext


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt a number under whichever key sealed it. Raises BrokenSealError."""
    sealed = bytes(sealed)
    key_id, rest = sealed[1 : 1 + sealed[0]], sealed[1 + sealed[0] :]
    key = keys.ring().keys.get(key_id.decode(errors="replace"))
    if key is None:
        raise BrokenSealError(f"No key {key_id!r} in PORTAL_FIELD_KEYS.")
    nonce, tag, ciphertext = rest[:NONCE], rest[NONCE : NONCE + TAG], rest[NONCE + TAG :]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(key_id)
    try:
        return (decryptor.update(ciphertext) + decryptor.finalize()).decode()
    except InvalidTag:
        raise BrokenSealError("The sealed identity number was altered.") from None


def blind_index(kind: str, number: str) -> str:
    """What finds an exact number again without telling it: the same for the same document only."""
    digest = hmac.HMAC(keys.ring().index_key, hashes.SM3())
    digest.update(f"{kind}:{number}".encode())
    return digest.finalize().hex()
