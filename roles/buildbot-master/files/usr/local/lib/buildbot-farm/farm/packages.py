"""Phase 2: packages with the SDKs of phase 1, one builder for each architecture of a branch."""

from buildbot.plugins import changes, util
from buildbot.plugins import schedulers as kinds

from farm import build, workers
from farm.data import slug
from farm.sdk import SdkSource, sdk_property, sdk_targets
from farm.steps import fail_logs, publish, send_steps, step


def change_sources(farm):
    wanted = {f"refs/heads/{branch.git}" for branch in farm.branches}
    return [
        # Local files: looking costs nothing.
        SdkSource(name="sdk", branches=farm.branches, pollInterval=min(10, farm.poll_seconds), pollAtLaunch=True),
        *(
            changes.GitPoller(
                feed,
                branches=lambda ref: ref in wanted,
                project="feed",
                pollInterval=farm.poll_seconds,
                pollAtLaunch=True,
                workdir=f"poller-{slug(feed)}",
            )
            for feed in farm.feeds
        ),
    ]


def schedulers(farm):
    return [each for branch in farm.branches for each in branch_schedulers(farm, branch)]


def branch_schedulers(farm, branch):
    for architecture in sdk_targets(branch):
        yield kinds.SingleBranchScheduler(
            name=f"sdk-{slug(builder_name(branch, architecture))}",
            change_filter=util.ChangeFilter(branch=branch.git, project="sdk", category=architecture),
            builderNames=[builder_name(branch, architecture)],
        )
    if farm.feeds:
        yield kinds.SingleBranchScheduler(
            name=f"feeds-{slug(branch.name)}",
            change_filter=util.ChangeFilter(branch=branch.git, project="feed"),
            treeStableTimer=farm.stable_seconds,
            builderNames=[builder_name(branch, each) for each in sdk_targets(branch)],
        )


def builders(farm):
    return [
        util.BuilderConfig(
            name=builder_name(branch, architecture),
            tags=[branch.name],
            workernames=workers.names(farm),
            factory=factory(branch, architecture, target),
        )
        for branch in farm.branches
        for architecture, target in sdk_targets(branch).items()
    ]


def builder_name(branch, architecture):
    return f"{branch.name}_{architecture}"


def factory(branch, architecture, target):
    made = f"bin/packages/{architecture}"
    inside = {"workdir": "build/sdk"}
    return build.factory([
        send_steps(),
        step("prepare"),
        step(
            "unpack_sdk",
            branch.read,
            f"{branch.folders['targets']}/{target}",
            sdk_property(branch, target, "name"),
            sdk_property(branch, target, "sha256"),
            locks=workers.line_lock("downloadLock"),
        ),
        step("feeds", locks=workers.line_lock("downloadLock"), **inside),
        step("configure_packages", **inside),
        # Packages fail one by one: their logs are published, and the others go on.
        step("make_all", "package/compile", "IGNORE_ERRORS=n m y", "BUILD_LOG=1", name="packages", **inside),
        step("make_all", "package/index", "CONFIG_SIGNED_PACKAGES=", name="index", **inside),
        *publish(branch, made, f"{branch.folders['packages']}/{architecture}", signed="Packages", **inside),
        *fail_logs(branch, architecture, **inside),
    ])
