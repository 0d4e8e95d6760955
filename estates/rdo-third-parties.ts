import type { ThirdParty } from "../model/third-party.ts";

/** What others run for RDO or with it, and the pages that explain it. */
export const thirdParties = {
  "centos-ci": {
    name: "ci.centos.org",
    url: "https://ci.centos.org/view/rdo/view/promotion-pipeline/",
    what: "CentOS CI: the promotion pipeline and its nodes",
    networks: { setting: "centosCiNetworks" },
  },
  "centos-buildlogs": {
    name: "buildlogs.centos.org",
    url: "http://buildlogs.centos.org/centos/7/cloud/x86_64/",
    what: "mirrors of the packages, run by CentOS",
  },
  "centos-cloud-sig": {
    name: "CentOS Cloud SIG",
    url: "https://wiki.centos.org/SpecialInterestGroup/Cloud",
    what: "governance and process of the packages in CentOS",
  },
  "rdo-packages": { name: "github.com/rdo-packages", url: "https://github.com/rdo-packages", what: "package specs" },
  "rdo-infra": {
    name: "github.com/rdo-infra",
    url: "https://github.com/rdo-infra",
    what: "infrastructure definition and CI",
  },
  "redhat-openstack": {
    name: "github.com/redhat-openstack",
    url: "https://github.com/redhat-openstack",
    what: "website, rdoinfo and others",
  },
  "rpm-packaging": {
    name: "rpm-packaging",
    url: "https://github.com/openstack/rpm-packaging",
    what: "OpenStack's own spec templates",
  },
  "planet-openstack": {
    name: "planet.openstack.org",
    url: "http://planet.openstack.org/",
    what: "planet of all of OpenStack, of which ours is a part",
  },
  "trunk-history": {
    name: "Improving the RDO Trunk infrastructure",
    url: "https://www.rdoproject.org/blog/2016/07/improving-the-rdo-trunk-infrastructure/",
    what: "blog post of 2016 on how the build, repository and database servers came about",
  },
  "review-core": {
    name: "Infrastructure core administrators",
    url: "https://www.rdoproject.org/infra/review-rdo-infra-core",
    what: "who they are, and what they decide; the group `review-core` here",
  },
  "service-continuity": {
    name: "Service continuity",
    url: "https://www.rdoproject.org/infra/service-continuity",
    what: "how soon each service must be back; each service's `criticality` here",
  },
  "maintenance-windows": {
    name: "Maintenance windows",
    url: "https://www.rdoproject.org/infra/maintenance-windows",
    what: "first and third Tuesday of a month, announced a day ahead; `maintenance` here",
  },
} as const satisfies Record<string, ThirdParty>;
