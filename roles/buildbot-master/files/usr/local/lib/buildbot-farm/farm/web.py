"""The web interface: anyone reads, maintainers force and stop builds."""

from buildbot.plugins import schedulers, util

from farm.data import slug


def www(farm):
    settings = {
        # Only nginx reaches it.
        "port": f"tcp:{farm.web_port}:interface=127.0.0.1",
        "plugins": {},
        "authz": util.Authz(
            allowRules=[util.AnyControlEndpointMatcher(role="maintainers")],
            roleMatchers=[util.RolesFromUsername(roles=["maintainers"], usernames=list(farm.maintainers))],
        ),
    }
    if farm.maintainers:
        settings["auth"] = util.UserPasswordAuth(farm.maintainers)
    return settings


def force_schedulers(farm, phase):
    return [
        schedulers.ForceScheduler(
            name=f"force-{slug(branch.name)}",
            builderNames=[each.name for each in phase.builders(farm) if branch.name in each.tags],
            buttonName=f"Build {branch.name}",
            codebases=[util.CodebaseParameter("", branch=util.StringParameter("branch", default=branch.git))],
        )
        for branch in farm.branches
    ]

