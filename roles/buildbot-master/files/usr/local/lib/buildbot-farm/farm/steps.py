"""Steps that builders of both phases have. What runs on a worker is in worker-steps.sh."""

from buildbot.plugins import steps, util
from buildbot.process.results import SUCCESS, WARNINGS

from farm.workers import line_lock

LIBRARY = "/usr/local/lib/buildbot-farm"

# Seconds. A silent step hangs; the longest build of a target takes hours.
SILENT, LONGEST = 7200, 72000


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


def step(function, *arguments, name=None, environment=None, **options):
    """A function of worker-steps.sh, run on the worker."""
    title = name or function.replace("_", " ")
    return steps.ShellCommand(
        name=title,
        command=[util.Interpolate("%(prop:builddir)s/worker-steps.sh"), function, *arguments],
        # With a terminal, processes of the build could outlive it.
        usePTY=False,
        env=environment or {},
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


def sign(branch, folder, file_name, **options):
    """Signs all files of that name below the folder. The key stays here: the files come, their signatures go back."""
    archive = util.Transform("/tmp/{}-{}.tar".format, util.Property("builderid"), util.Property("buildnumber"))
    quiet = {"haltOnFailure": True, "hideStepIf": lambda results, _: results == SUCCESS}
    return [
        step("pack", folder, file_name, name=f"pack {file_name}", **options),
        steps.FileUpload(
            name=f"fetch {file_name}",
            workersrc="to-sign.tar",
            masterdest=archive,
            maxsize=64 * 1024 * 1024,
            **quiet,
            **options,
        ),
        steps.MasterShellCommand(
            name=f"sign {file_name}",
            command=[f"{LIBRARY}/sign-archive", str(branch.key), archive],
            haltOnFailure=True,
            logEnviron=False,
        ),
        steps.FileDownload(
            name="send signatures", mastersrc=archive, workerdest="signatures.tar", **quiet, **options
        ),
        step("unpack_signatures", folder, **options),
    ]


def upload(branch, folder, to, name="upload", **options):
    """The password is the branch's own, and is on the worker for this step alone."""
    user = branch.upload["user"]
    return [
        step(
            "upload",
            folder,
            branch.upload["module"],
            user,
            to,
            name=name,
            environment={"RSYNC_PASSWORD": util.Secret(user)},
            locks=line_lock("uploadLock"),
            **options,
        )
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
        *upload(branch, "faillogs", f"{folder}/{architecture}", name="upload fail logs", **options),
    ]
