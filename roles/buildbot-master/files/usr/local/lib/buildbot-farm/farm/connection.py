"""Connections that end when their worker does: Buildbot (4.2.1) asks a silent worker once an hour whether it lives, and
when a worker that lost its power is back, waits for an answer from its former self to close the former connection.
"""

from socket import IPPROTO_TCP, TCP_USER_TIMEOUT

from buildbot.worker.protocols import pb

# Seconds. Short breaks of a donor's line cost no build.
ASK, WAIT = 60, 300


class Connection(pb.Connection):
    keepalive_interval = ASK

    def attached(self, mind):
        tcp = mind.broker.transport.transport.getHandle()
        tcp.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, WAIT * 1000)
        return super().attached(mind)

    def loseConnection(self):
        self.stopKeepaliveTimer()
        self.mind.broker.transport.abortConnection()


pb.Connection = Connection
