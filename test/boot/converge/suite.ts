import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { userData } from "../../../blueprint/user-data.ts";
import type { HostConfiguration } from "../../../model/host-configuration.ts";
import { SecretStore } from "../../../ops/secrets/secret-store.ts";
import { hostBundle } from "../../../roles/bundle.ts";
import { testAdmins } from "../admins.ts";
import { server } from "../base/hosts.ts";
import { boot } from "../container.ts";
import type { Lab, Suite } from "../suite.ts";
import { accessFacts } from "./access.ts";
import { deliveryFacts } from "./delivery.ts";
import { type Desk, desk } from "./desk.ts";
import { interruptionFacts } from "./interruption.ts";

const HOST: HostConfiguration = { ...server, host: "pages-01", fqdn: "pages-01.infra.example.org", volume: false };
const ADDRESS = "192.0.2.31";
export const SECRET = "correct-horse-battery-staple";

/** A running host is brought to other configurations over SSH, from an admin's machine. */
export const convergeSuite: Suite = {
  role: "converge",
  packages: hostBundle(HOST).packages,
  run: async (lab) => {
    const admins = await testAdmins(join(lab.folder, "keys"));
    const configuration = { ...HOST, ...admins.configuration };
    const admin = await lab.network.station("desk", ["198.51.100.30/24"]);
    const station = await lab.network.station(HOST.host, [`${ADDRESS}/24`, "10.0.0.31/24"]);
    lab.log(`${HOST.host}: booting`);
    const container = await boot(HOST.host, {
      image: lab.image,
      folder: join(lab.folder, HOST.host),
      userData: userData(hostBundle(configuration), configuration),
      station,
      cleanup: lab.cleanup,
    });
    lab.took(HOST.host, "ready", await container.ready());
    const project = join(lab.folder, "project");
    const outputs = join(lab.folder, "outputs.json");
    await writeFile(outputs, JSON.stringify({ hosts: { "donor-01": { name: "donor-01", ipv4: "203.0.113.10" } } }));
    const subject: Subject = {
      lab,
      admins,
      admin,
      container,
      configuration,
      address: ADDRESS,
      at: ["--address", `${HOST.host}=${ADDRESS}`, "--outputs", outputs],
      store: new SecretStore(project, "test"),
      desk: desk(join(lab.folder, "desk"), project, admin, join(lab.folder, "keys")),
    };
    await prepare(subject, join(lab.folder, "desk"), join(project, "estates"));
    await deliveryFacts(subject);
    await interruptionFacts(subject);
    await accessFacts(subject);
  },
};

/** What an admin has: an age identity, and secrets that are encrypted for it. */
async function prepare({ store }: Subject, home: string, estates: string): Promise<void> {
  await mkdir(estates, { recursive: true });
  const identity = await generateX25519Identity();
  await mkdir(join(home, ".config/foss-infra"), { recursive: true });
  await writeFile(join(home, ".config/foss-infra/age-identity"), `${identity}\n`, { mode: 0o600 });
  await store.encryptFor([{ name: "alice", key: await identityToRecipient(identity) }], []);
  await store.write({ service: "pages", name: "password" }, Buffer.from(`${SECRET}\n`));
}

export interface Subject {
  readonly lab: Lab;
  readonly admins: Awaited<ReturnType<typeof testAdmins>>;
  /** The admin's network. */
  readonly admin: Awaited<ReturnType<Lab["network"]["station"]>>;
  readonly container: Awaited<ReturnType<typeof boot>>;
  readonly configuration: HostConfiguration;
  readonly address: string;
  /** Flags that say so to `ops`. */
  readonly at: readonly string[];
  readonly store: SecretStore;
  readonly desk: Desk;
}
