"""Steps that builders of both phases have. What runs on a worker is in worker-steps.sh."""

from buildbot.plugins import steps, util
from buildbot.process.results import SUCCESS, WARNINGS

from farm.workers import line_lock

LIBRARY = "/usr/local/lib/buildbot-farm"

# Seconds. A silent step hangs; the longest build of a target takes hours.
SILENT, LONGEST = 7200, 72000
# Bytes of what one build publishes.
LARGEST = 64 * 1024**3


def send_steps():
    """Comes first in every build: the steps on the worker are those of this master."""
    return steps.FileDownload(
        name="send steps",
        mastersrc=f"{LIBRARY}/worker-steps.sh",
        workerdest="worker-steps.sh",
        workdir="",
        mode=0o755,
        haltOnFailure=True,
        hideStepIf=lambda results, _: results == SUCCESS,
    )


def step(function, *arguments, name=None, **options):
    """A function of worker-steps.sh, run on the worker."""
    title = name or function.replace("_", " ")
    return steps.ShellCommand(
        name=title,
        command=[util.Interpolate("%(prop:builddir)s/worker-steps.sh"), function, *arguments],
        # With a terminal, processes of the build could outlive it.
        usePTY=False,
        logEnviron=False,
        timeout=SILENT,
        maxTime=LONGEST,
        haltOnFailure=True,
        description=[title],
        descriptionDone=[title],
        **options,
    )


def checkout(source):
    return steps.Git(
        repourl=source,
        mode="full",
        # Nothing of an earlier build is left.
        method="fresh",
        timeout=SILENT,
        retry=(30, 3),
        locks=line_lock("downloadLock"),
        haltOnFailure=True,
    )


def publish(branch, folder, to, signed=None, what="", **options):
    """Publishes a folder that was built, its files of one name signed. All passes through this host, which alone holds
    the branch's key and may write to the download server: what a build leaves running on its worker finds neither.
    """
    archive = util.Transform("/var/tmp/{}-{}.tar".format, util.Property("builderid"), util.Property("buildnumber"))
    signing = [str(branch.key), signed] if signed else []
    return [
        step("pack", folder, *([signed] if signed else []), name=f"pack{what}", **options),
        steps.FileUpload(
            name=f"fetch{what}",
            workersrc="to-publish.tar",
            masterdest=archive,
            maxsize=LARGEST,
            locks=line_lock("uploadLock"),
            haltOnFailure=True,
            **options,
        ),
        steps.MasterShellCommand(
            name=f"upload{what}",
            command=[f"{LIBRARY}/publish", archive, branch.upload["module"], branch.upload["user"], to, *signing],
            interruptSignal="TERM",
            logEnviron=False,
            haltOnFailure=True,
        ),
    ]


def fail_logs(branch, architecture, **options):
    """Logs of packages that did not build; those of packages that build again disappear."""
    folder = branch.folders["failLogs"]
    if folder is None:
        return []
    return [
        step(
            "fail_logs",
            decodeRC={0: SUCCESS, 3: WARNINGS},
            warnOnWarnings=True,
            **options,
        ),
        *publish(branch, "faillogs", f"{folder}/{architecture}", what=" fail logs", **options),
    ]
