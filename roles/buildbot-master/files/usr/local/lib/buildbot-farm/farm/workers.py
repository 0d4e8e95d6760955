"""The machines that build, and what they share."""

from buildbot.plugins import util, worker

# Takes the place of Buildbot's own.
from farm import connection  # noqa: F401
from farm.data import HOME


def listen(farm):
    key, certificate = HOME / "tls/key.pem", HOME / "tls/certificate.pem"
    return f"ssl:{farm.worker_port}:privateKey={key}:certKey={certificate}"


def workers(farm):
    """A worker without a password is left out: it may join once it has one, and the others need not wait."""
    known = [each for each in farm.all_workers if each["name"] in farm.worker_passwords]
    if not known:
        names = ", ".join(each["name"] for each in farm.all_workers)
        raise ValueError(f"No worker has a password: worker-passwords needs lines for {names}.")
    return [
        worker.Worker(
            each["name"],
            farm.worker_passwords[each["name"]],
            # A build uses all processors.
            max_builds=1,
            properties={lock: each[lock] for lock in ("uploadLock", "downloadLock") if lock in each},
        )
        for each in known
    ]


def names(farm):
    return [each.name for each in workers(farm)]


def line_lock(name):
    """Workers behind one line take turns: `name` is uploadLock or downloadLock."""

    @util.renderer
    def locks(properties):
        line = properties.getProperty(name)
        return [util.MasterLock(f"{name} {line}").access("exclusive")] if line else []

    return locks
