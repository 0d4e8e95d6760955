"""Phase 1: images, kernel packages and the SDK, one builder for each target of a branch."""

import re

from buildbot.plugins import changes, steps, util
from buildbot.plugins import schedulers as kinds

from farm import build, workers
from farm.data import slug
from farm.keys import public_half
from farm.sdk import AnnounceSdk
from farm.steps import checkout, publish, send_steps, step

TAGS = "refs/tags/"


def change_sources(farm):
    wanted = {f"refs/heads/{branch.git}" for branch in farm.branches}
    tags = [re.compile(TAGS + branch.release_tags) for branch in farm.branches if branch.release_tags]
    return [
        changes.GitPoller(
            farm.source,
            branches=lambda ref: ref in wanted or any(tag.fullmatch(ref) for tag in tags),
            # A tag on a commit that its branch has already.
            buildPushesWithNoCommits=True,
            pollInterval=farm.poll_seconds,
            pollAtLaunch=True,
            workdir="poller",
        )
    ]


def schedulers(farm):
    return [each for branch in farm.branches for each in branch_schedulers(farm, branch)]


def branch_schedulers(farm, branch):
    names = [builder_name(branch, target) for target in branch.targets]
    yield kinds.SingleBranchScheduler(
        name=f"branch-{slug(branch.name)}",
        change_filter=util.ChangeFilter(branch=branch.git),
        # Pushes come in series: the tree is built once it has been still for so long.
        treeStableTimer=farm.stable_seconds,
        builderNames=names,
    )
    if branch.release_tags:
        yield kinds.AnyBranchScheduler(
            name=f"release-{slug(branch.name)}",
            change_filter=util.ChangeFilter(branch_re=f"^{TAGS}{branch.release_tags}$"),
            treeStableTimer=1,
            builderNames=names,
        )


def builders(farm):
    return [
        util.BuilderConfig(
            name=builder_name(branch, target),
            tags=[branch.name],
            workernames=workers.names(farm),
            factory=factory(farm, branch, target),
        )
        for branch in farm.branches
        for target in branch.targets
    ]


def builder_name(branch, target):
    return f"{branch.name}_{target}"


def factory(farm, branch, target):
    made = f"bin/targets/{target}"
    return build.factory([
        checkout(farm.source),
        send_steps(),
        step("prepare"),
        step("feeds", locks=workers.line_lock("downloadLock")),
        # Images trust what this farm signs; the worker sees the public half alone.
        steps.StringDownload(
            public_half(branch.key.read_text(), branch.name),
            workerdest="key-build.pub",
            name="public key",
        ),
        step("configure_images", target),
        step("make_all", "download", locks=workers.line_lock("downloadLock"), name="download"),
        step("make_all", "tools/install", name="tools"),
        step("make_all", "toolchain/install", name="toolchain"),
        step("make_all", "world", name="images"),
        *publish(
            branch, made, util.Transform(folder_of, branch, target, util.Property("branch")), signed="sha256sums"
        ),
        steps.SetPropertyFromCommand(
            command=["grep", "-E", r" \*?[^/]*-sdk-[^/]*\.tar\.[a-z0-9]+$", f"{made}/sha256sums"],
            property="sdk",
            name="find SDK",
            doStepIf=is_no_release,
            haltOnFailure=True,
        ),
        AnnounceSdk(branch.name, target, doStepIf=is_no_release),
    ])


def release_of(ref):
    """`19.07.1` of `refs/tags/v19.07.1`; None for a branch."""
    return ref[len(TAGS) :].removeprefix("v") if ref and ref.startswith(TAGS) else None


def is_no_release(step):
    return release_of(step.getProperty("branch")) is None


def folder_of(branch, target, ref):
    release = release_of(ref)
    top = f"{branch.folders['releases']}/{release}/targets" if release else branch.folders["targets"]
    return f"{top}/{target}"
