import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { userData } from "../../../blueprint/user-data.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import { hostBundle } from "../../../roles/bundle.ts";
import { type TestAdmins, testAdmins } from "../admins.ts";
import { boot } from "../container.ts";
import type { Station } from "../network.ts";
import type { Lab, Suite } from "../suite.ts";
import { volume } from "../volume.ts";
import { accessFacts } from "./access.ts";
import { againFacts } from "./again.ts";
import { CERTIFICATE_PACKAGES, certificateFacts } from "./certificates.ts";
import { checkFacts } from "./checks.ts";
import { hostFacts } from "./facts.ts";
import { droplet, server } from "./hosts.ts";

/** Who tries to reach the hosts. */
export interface Stations {
  /** In an admin network. */
  readonly admin: Station;
  /** Anywhere else. */
  readonly outsider: Station;
  /** In the private network. */
  readonly neighbour: Station;
}

export const baseSuite: Suite = {
  role: "base",
  packages: [...hostBundle(server).packages, ...CERTIFICATE_PACKAGES],
  run: async (lab) => {
    const admins = await testAdmins(join(lab.folder, "keys"));
    const stations: Stations = {
      admin: await lab.network.station("admin", ["198.51.100.10/24", "2001:db8:1::10/48"]),
      outsider: await lab.network.station("outsider", ["203.0.113.10/24", "2001:db8:3::10/48"]),
      neighbour: await lab.network.station("neighbour", ["10.0.0.12/24"]),
    };
    await metadataService(lab);
    await Promise.all([
      bootAndCheck(lab, admins, stations, { ...server, ...admins.configuration }, [
        "192.0.2.11/24",
        "2001:db8:2::11/48",
        "10.0.0.11/24",
      ]),
      bootAndCheck(lab, admins, stations, { ...droplet, ...admins.configuration }, [
        "192.0.2.21/24",
        "2001:db8:2::21/48",
      ]),
    ]);
  },
};

/** Answers as the cloud's does, at its address. It ends with its network. */
async function metadataService({ network, folder }: Lab): Promise<void> {
  const { exec } = await network.station("metadata", ["169.254.169.254/16"]);
  const pages = join(folder, "metadata");
  await mkdir(pages);
  await writeFile(join(pages, "index.html"), "metadata");
  void exec(["python3", "-m", "http.server", "--bind", "169.254.169.254", "--directory", pages, "80"], {
    timeout: 3600,
  });
}

async function bootAndCheck(
  lab: Lab,
  admins: TestAdmins,
  stations: Stations,
  configuration: HostConfiguration,
  addresses: readonly string[],
): Promise<void> {
  const { host, cloud, volumeName } = configuration;
  const [address = ""] = (addresses[0] ?? "").split("/");
  const folder = join(lab.folder, host);
  const text = userData(hostBundle(configuration), configuration);
  const link = `/dev/disk/by-id/scsi-${cloud === "hetzner" ? "0HC_Volume_101" : `0DO_Volume_${volumeName}`}`;
  const data = await volume(join(folder, "volume"), link, { precious: "written by an earlier host\n" }, lab.cleanup);
  const station = await lab.network.station(host, addresses);
  lab.log(`${host}: booting`);
  const container = await boot(host, {
    image: lab.image,
    folder,
    userData: text,
    station,
    volume: data,
    cleanup: lab.cleanup,
  });
  lab.took(host, "ready", await container.ready());
  const subject = { lab, admins, stations, configuration, container, address, text, volume: data };
  await hostFacts(subject);
  await accessFacts(subject);
  await checkFacts(subject);
  await againFacts(subject);
  if (host === server.host) await certificateFacts(subject);
}

/** A host under test. */
export interface Subject {
  readonly lab: Lab;
  readonly admins: TestAdmins;
  readonly stations: Stations;
  readonly configuration: HostConfiguration;
  readonly container: Awaited<ReturnType<typeof boot>>;
  /** Its public IPv4 address. */
  readonly address: string;
  /** The user data that it was booted from. */
  readonly text: string;
  readonly volume: Awaited<ReturnType<typeof volume>>;
}
