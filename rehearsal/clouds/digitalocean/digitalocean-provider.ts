import type { Provider } from "../../provider.ts";
import { uuid } from "../identifiers.ts";
import type { ResourceTable } from "../resource-table.ts";
import schema from "../schema/digitalocean.json" with { type: "json" };
import { SimulatedProvider } from "../simulated-provider.ts";
import { accountTables } from "./account.ts";
import { droplet } from "./droplet.ts";
import { monitoringTables } from "./monitoring.ts";
import { networkTables } from "./network.ts";
import { spacesBucket } from "./spaces-bucket.ts";
import { volumeTables } from "./volume.ts";

/** The simulated DigitalOcean account whose state is the JSON file `file`. */
export const digitaloceanProvider = ({ file }: { file: string }): Provider =>
  new SimulatedProvider(
    {
      name: "digitalocean",
      schema,
      tables: digitaloceanTables,
      newId: (cloud, type) => uuid(`digitalocean ${type} ${cloud.next("id")}`),
      functions: {},
    },
    file,
  );

/** Resource types by the names of their classes. */
export const digitaloceanTables: Readonly<Record<string, ResourceTable>> = {
  ...accountTables,
  ...monitoringTables,
  ...networkTables,
  ...volumeTables,
  Droplet: droplet,
  SpacesBucket: spacesBucket,
};
