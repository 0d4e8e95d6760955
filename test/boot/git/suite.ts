import { againFacts, hostFacts } from "../downloads/host-facts.ts";
import { bootPlannedHost, hostPackages } from "../downloads/planned-host.ts";
import type { Suite } from "../suite.ts";
import { accessFacts } from "./access-facts.ts";
import { gitClient } from "./client.ts";
import { mirrorFacts } from "./mirror-facts.ts";
import { replacedFacts } from "./replaced-facts.ts";

/** Git, on the host that it shares with the downloads. */
export const gitSuite: Suite = {
  role: "git",
  packages: hostPackages(),
  run: async (lab) => {
    const subject = await bootPlannedHost(lab);
    const client = gitClient(subject);
    await hostFacts(subject);
    await accessFacts(subject, client);
    await mirrorFacts(subject, client);
    await againFacts(
      subject,
      "curl --silent --fail --insecure --output /dev/null --resolve git.openwrt.org:443:127.0.0.1 https://git.openwrt.org/openwrt/hello/",
    );
    await replacedFacts(subject, client);
  },
};
