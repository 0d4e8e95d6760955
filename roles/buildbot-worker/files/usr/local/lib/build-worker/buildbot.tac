# Started by build-worker@.service, for one of the two masters. Logs go to the journal.
import os
from pathlib import Path

from buildbot_worker.bot import Worker
from twisted.application import service

PORTS = {"images": 9989, "packages": 9990}
master, phase = os.environ["MASTER_HOST"], os.environ["FARM_PHASE"]
credentials = Path(os.environ.pop("CREDENTIALS_DIRECTORY"))

application = service.Application("build-worker")
Worker(
    None,
    None,
    os.environ["WORKER_NAME"],
    (credentials / "password").read_text().strip(),
    basedir=str(Path.cwd()),
    keepalive=60,
    maxdelay=15,
    # The master's own certificate, and no authority: whoever else answers there gets no password.
    connection_string=f"tls:{master.replace(':', chr(92) + ':')}:{PORTS[phase]}:trustRoots={credentials}",
    delete_leftover_dirs=True,
).setServiceParent(application)
