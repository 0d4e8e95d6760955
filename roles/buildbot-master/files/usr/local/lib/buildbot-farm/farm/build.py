"""What all builds of the farm have in common."""

from buildbot.plugins import util
from buildbot.process.build import Build
from buildbot.process.results import EXCEPTION, RETRY
from twisted.internet import defer
from twisted.python import log


class RepeatedBuild(Build):
    """Starts again when its worker goes away while it is prepared.

    Buildbot (4.2.1) then asks a worker that it has forgotten to be left alone for a while, fails over that, and would
    show the build as running for ever: its builder would build nothing more.
    """

    @defer.inlineCallbacks
    def startBuild(self, workerforbuilder):
        try:
            yield super().startBuild(workerforbuilder)
        except Exception as error:
            log.err(error, "while preparing a worker; the build is repeated")
            if self._preparation_step is not None:
                yield self.master.data.updates.finishStep(self._preparation_step.stepid, EXCEPTION, False)
            yield self.buildFinished(["worker", "lost"], RETRY)


def factory(steps):
    made = util.BuildFactory(steps)
    made.buildClass = RepeatedBuild
    return made
