import type { Provider } from "../../provider.ts";
import { text } from "../property-values.ts";
import type { ResourceTable } from "../resource-table.ts";
import schema from "../schema/hcloud.json" with { type: "json" };
import { SimulatedProvider } from "../simulated-provider.ts";
import { firewallTables } from "./firewall.ts";
import { networkTables } from "./network.ts";
import { primaryIp, rdns } from "./primary-ip.ts";
import { server } from "./server.ts";
import { placementGroup, snapshot, sshKey } from "./small-resources.ts";
import { storageBoxTables } from "./storage-box.ts";
import { volumeTables } from "./volume.ts";

/** The simulated Hetzner Cloud whose state is the JSON file `file`. */
export const hcloudProvider = ({ file }: { file: string }): Provider =>
  new SimulatedProvider(
    {
      name: "hcloud",
      schema,
      tables: hcloudTables,
      newId: (cloud) => String(100 + cloud.next("id")),
      functions: {},
      checkConfig: (config, fail) => {
        const token = text(config, "token");
        if (token !== "" && token.length !== 64)
          fail("token", `The hcloud token must have exactly 64 characters, this one has ${token.length}.`);
      },
    },
    file,
  );

/** Resource types by the names of their classes. */
export const hcloudTables: Readonly<Record<string, ResourceTable>> = {
  ...firewallTables,
  ...networkTables,
  ...storageBoxTables,
  ...volumeTables,
  PlacementGroup: placementGroup,
  PrimaryIp: primaryIp,
  Rdns: rdns,
  Server: server,
  Snapshot: snapshot,
  SshKey: sshKey,
};
