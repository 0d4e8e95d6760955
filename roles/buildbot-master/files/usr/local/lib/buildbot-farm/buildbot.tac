# Started by build-master@.service, in the folder of the master's phase. Logs go to the journal.
from pathlib import Path

from buildbot.master import BuildMaster
from twisted.application import service

# `buildbot upgrade-master` looks for this line, quotes and all.
application = service.Application('buildmaster')
BuildMaster(str(Path.cwd()), "master.cfg", umask=0o027).setServiceParent(application)
