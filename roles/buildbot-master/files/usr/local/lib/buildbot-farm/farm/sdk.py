"""How phase 2 learns of the SDKs that phase 1 published: a file for each target, on this host."""

import json
import re

from buildbot.changes.base import ReconfigurablePollingChangeSource
from buildbot.plugins import util
from buildbot.process.buildstep import BuildStep
from buildbot.process.results import FAILURE, SUCCESS

from farm.data import HOME


def announcement(branch, target):
    return HOME / "published" / branch / f"{target.replace('/', '_')}.json"


class AnnounceSdk(BuildStep):
    """Tells the other master which SDK is published, and its checksum: nothing else will be unpacked as that SDK."""

    name = "announce SDK"

    def __init__(self, branch, target, **arguments):
        super().__init__(**arguments)
        self.branch, self.target = branch, target

    def run(self):
        sha256, _, name = self.getProperty("sdk").partition(" ")
        name = name.strip().lstrip("*")
        if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not re.fullmatch(r"\w[\w.+-]*", name):
            self.descriptionDone = ["this is no line of sha256sums"]
            return FAILURE
        path = announcement(self.branch, self.target)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"name": name, "sha256": sha256, "revision": self.getProperty("got_revision")}))
        fresh.rename(path)
        self.descriptionDone = [name]
        return SUCCESS


def announced(branch, target):
    path = announcement(branch, target)
    return json.loads(path.read_text()) if path.is_file() else None


class SdkSource(ReconfigurablePollingChangeSource):
    """A change for each SDK whose checksum is new. What was seen is kept over restarts."""

    compare_attrs = ("branches",)

    def checkConfig(self, branches, **arguments):
        super().checkConfig(**arguments)

    async def reconfigService(self, branches, **arguments):
        self.branches = branches
        await super().reconfigService(**arguments)

    async def poll(self):
        seen = await self.master.db.state.getState(await self.state_id(), "seen", {})
        for branch in self.branches:
            for target in sdk_targets(branch).values():
                sdk = announced(branch.name, target)
                key = f"{branch.name} {target}"
                if sdk is None or seen.get(key) == sdk["sha256"]:
                    continue
                await self.master.data.updates.addChange(
                    author="phase 1",
                    branch=branch.git,
                    category=branch.targets[target],
                    comments=f"{sdk['name']} of {target} was published",
                    files=[],
                    project="sdk",
                    revision=sdk["revision"],
                )
                seen[key] = sdk["sha256"]
                await self.master.db.state.setState(await self.state_id(), "seen", seen)

    def state_id(self):
        return self.master.db.state.getObjectId(self.name, "farm.SdkSource")


def sdk_targets(branch):
    """By architecture: the first target that is listed for it gives the SDK."""
    return {architecture: target for target, architecture in reversed(branch.targets.items())}


def sdk_property(branch, target, name):
    """At the time of the build, so that builds for other reasons than a new SDK take the current one as well."""

    @util.renderer
    def value(_properties):
        return (announced(branch.name, target) or {}).get(name, "none published")

    return value
