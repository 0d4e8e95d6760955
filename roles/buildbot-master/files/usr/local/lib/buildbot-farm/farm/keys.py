"""Keys as signify and usign keep them: a comment, then base64."""

import base64
import sys
from pathlib import Path


def public_half(secret, name):
    """The public key that belongs to a secret one without a passphrase; its last 32 bytes are that key."""
    data = base64.b64decode(secret.splitlines()[1])
    if len(data) != 104 or data[:2] != b"Ed" or data[4:8] != bytes(4):
        raise ValueError("A signing key is the secret half that `signify-openbsd -G -n` makes, without a passphrase.")
    algorithm, number, key = data[:2], data[32:40], data[72:]
    return f"untrusted comment: {name} builds\n{base64.b64encode(algorithm + number + key).decode()}\n"


if __name__ == "__main__":
    # keys.py FROM TO: publishes the public halves of all secret keys of a folder.
    source, target = map(Path, sys.argv[1:])
    for key in source.glob("*.sec"):
        (target / f"{key.stem}.pub").write_text(public_half(key.read_text(), key.stem))
