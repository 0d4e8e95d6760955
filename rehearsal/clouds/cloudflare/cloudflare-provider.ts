import { CLOUDFLARE_RANGES } from "../../../model/catalogue/cloudflare.ts";
import type { Provider, Values } from "../../provider.ts";
import type { CloudFile } from "../cloud-file.ts";
import { hex32 } from "../identifiers.ts";
import { inner, text } from "../property-values.ts";
import type { ResourceTable } from "../resource-table.ts";
import schema from "../schema/cloudflare.json" with { type: "json" };
import { SimulatedProvider } from "../simulated-provider.ts";
import { accountTables } from "./account.ts";
import { dnsRecord } from "./dns-record.ts";
import { listTables } from "./list.ts";
import { ruleset } from "./ruleset.ts";
import { zone } from "./zone.ts";
import { zoneDnssec } from "./zone-dnssec.ts";
import { zoneSettingTables } from "./zone-setting.ts";

/** The simulated Cloudflare account (all its zones on the free plan) whose state is the JSON file `file`. */
export const cloudflareProvider = ({ file }: { file: string }): Provider =>
  new SimulatedProvider(
    {
      name: "cloudflare",
      schema,
      tables: cloudflareTables,
      newId: (cloud, type) => hex32(`cloudflare ${type} ${cloud.next("id")}`),
      functions: {
        "cloudflare:index/getZone:getZone": getZone,
        "cloudflare:index/getIpRanges:getIpRanges": () => ({
          id: "ip-ranges",
          etag: hex32(CLOUDFLARE_RANGES.join()),
          ipv4Cidrs: CLOUDFLARE_RANGES.filter((range) => !range.includes(":")),
          ipv6Cidrs: CLOUDFLARE_RANGES.filter((range) => range.includes(":")),
          jdcloudCidrs: [],
        }),
      },
      checkConfig(config, fail) {
        const token = text(config, "apiToken");
        if (token !== "" && !/^[0-9A-Za-z_-]{40,80}$/.test(token))
          fail("apiToken", 'A Cloudflare API token has 40 to 80 letters, digits, "-" and "_".');
      },
    },
    file,
  );

function getZone(cloud: CloudFile, args: Values): Values {
  const wanted = text(inner(args, "filter"), "name");
  const found = cloud
    .all("Zone")
    .find(([id, { name }]) => id === text(args, "zoneId") || (wanted !== "" && name === wanted));
  if (found === undefined)
    throw new Error(
      `getZone: the account has no zone ${text(args, "zoneId") || `"${wanted}"`}.\nCreate the Zone first, or make the call depend on it.`,
    );
  const [id, object] = found;
  return { ...object, id, zoneId: id };
}

/** Resource types by the names of their classes. */
export const cloudflareTables: Readonly<Record<string, ResourceTable>> = {
  ...accountTables,
  ...listTables,
  ...zoneSettingTables,
  DnsRecord: dnsRecord,
  Ruleset: ruleset,
  Zone: zone,
  ZoneDnssec: zoneDnssec,
};
