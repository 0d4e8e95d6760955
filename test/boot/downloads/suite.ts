import { output } from "../base/facts.ts";
import type { Suite } from "../suite.ts";
import { againFacts, hostFacts } from "./host-facts.ts";
import { bootPlannedHost, hostPackages } from "./planned-host.ts";
import { uploadFacts } from "./upload-facts.ts";
import { webFacts } from "./web-facts.ts";

/** The downloads, on the host that they share with git. */
export const downloadsSuite: Suite = {
  role: "downloads",
  packages: hostPackages(),
  run: async (lab) => {
    const subject = await bootPlannedHost(lab);
    await hostFacts(subject);
    // As converging the host delivers it.
    await output(
      subject.container,
      "sh",
      "-c",
      "umask 077; mkdir -p -m 0711 /etc/secrets /etc/secrets/downloads; printf 'master:for-master\\n19.07:for-1907\\nsources:for-sources\\n' >/etc/secrets/downloads/upload-passwords",
    );
    await uploadFacts(subject);
    await webFacts(subject);
    await againFacts(
      subject,
      "curl --silent --fail --output /dev/null -H 'Host: downloads.openwrt.org' http://127.0.0.1/snapshots/",
    );
  },
};
