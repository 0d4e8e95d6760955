"""What this farm builds and for whom: the data of the estate, and the secrets that were delivered to this host."""

import json
import os
from pathlib import Path

DATA = Path(os.environ.get("FARM_DATA", "/etc/buildbot-farm/farm.json"))
HOME = Path("/srv/data/buildbot")
SECRETS = Path(os.environ["FARM_SECRETS"])

# Ports of the two masters: workers, and the web interface behind nginx.
PORTS = {"images": (9989, 8010), "packages": (9990, 8011)}


def settings():
    return json.loads(DATA.read_text())


def load(phase):
    return Farm(phase, settings(), SECRETS)


class Farm:
    def __init__(self, phase, data, secrets):
        self.phase = phase
        self.worker_port, self.web_port = PORTS[phase]
        self.title = data["title"]
        self.url = data["url"]
        self.source = data["source"]
        self.feeds = data["feeds"]
        self.poll_seconds = data["pollSeconds"]
        self.stable_seconds = data["stableSeconds"]
        self.all_workers = data["workers"]
        # A frozen branch stays served and is not built.
        self.branches = [Branch(each, secrets) for each in data["branches"] if not each["frozen"]]
        self.web_url = f"{self.url}{data['branches'][0]['path']}/{phase}/"
        self.worker_passwords = pairs(secrets / "worker-passwords")
        self.maintainers = pairs(secrets / "web-passwords")
        known = pairs(secrets / "upload-passwords")
        missing = [each.upload["user"] for each in self.branches if each.upload["user"] not in known]
        missing += [f"signing-key-{each.name}" for each in self.branches if not each.key.is_file()]
        if missing:
            raise ValueError(f"Secrets of this farm lack: {', '.join(missing)}. Deliver them and start again.")


class Branch:
    def __init__(self, data, secrets):
        self.name = data["name"]
        self.git = data["git"]
        # The rsync module that its uploads go to, and the one that all is read from; then the folders in both.
        self.upload = data["upload"]
        self.read = data["read"]
        self.folders = data["folders"]
        # Targets and the architecture of their packages.
        self.targets = data["targets"]
        self.release_tags = data["releaseTags"]
        self.key = secrets / f"{self.name}.sec"


def pairs(path):
    """Lines `name:password`, as rsync has them. A file that was not delivered admits nobody."""
    if not path.is_file():
        return {}
    lines = [line.strip() for line in path.read_text().splitlines()]
    return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))


def slug(name):
    return "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
