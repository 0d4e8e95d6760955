import { DnsRecord, type DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import { UrlNormalizationSettings } from "@pulumi/cloudflare/urlNormalizationSettings.js";
import { Zone } from "@pulumi/cloudflare/zone.js";
import { ZoneDnssec } from "@pulumi/cloudflare/zoneDnssec.js";
import { ZoneSetting } from "@pulumi/cloudflare/zoneSetting.js";
import * as pulumi from "@pulumi/pulumi";
import type { RecordPlan, ZonePlan } from "../../model/blueprint.ts";
import { type AddressBook, addressIn } from "../addresses.ts";
import { type ArgumentCheck, checkArguments } from "../check-arguments.ts";

/** Characters of a record's comment on the free plan (developers.cloudflare.com, record attributes, 2026). */
const COMMENT = 100;

export interface DnsZoneArgs {
  readonly plan: ZonePlan;
  /** Account that owns the zone. */
  readonly accountId: pulumi.Input<string>;
  /** All hosts that the records name. */
  readonly addresses: AddressBook;
}

/** A zone at Cloudflare with its records, settings and signatures. */
export class DnsZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** To be set at the registrar. */
  readonly nameServers: pulumi.Output<string[]>;
  /** The DS record to be set at the registrar, as text; undefined while the zone is not signed. */
  readonly dsRecord: pulumi.Output<string> | undefined;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, accountId, addresses } = args;
    checkArguments("DnsZone", name, checks(plan));
    super("foss-infra:cloudflare:DnsZone", name, {}, opts);
    const zone = new Zone(
      `${name}-zone`,
      { account: { id: accountId }, name: plan.name, type: "full" },
      // A deleted zone takes every record along, also those that are not ours, and gets other name servers when it returns.
      { parent: this, protect: plan.protect, deleteBeforeReplace: false },
    );
    this.zoneId = zone.id;
    this.nameServers = zone.nameServers;
    this.dsRecord = plan.dnssec === "off" ? undefined : this.signatures(name, plan).ds;
    for (const [settingId, value] of Object.entries(plan.settings))
      new ZoneSetting(`${name}-setting-${settingId}`, { zoneId: zone.id, settingId, value }, { parent: this });
    if (plan.normalizesUrls)
      new UrlNormalizationSettings(
        `${name}-url-normalization`,
        // Cloudflare shows rules a normalised URL and hands on the one that came: what was judged, and kept, as one file could
        // be another one at the origin. With both ends normalised it cannot. Deleting it brings back the default (all plans;
        // developers.cloudflare.com, URL normalization, 2026-04).
        { zoneId: zone.id, scope: "both", type: "cloudflare" },
        { parent: this },
      );
    for (const record of plan.records)
      new DnsRecord(
        `${name}-${record.key}`,
        { zoneId: zone.id, ...recordArgs(record, addresses) },
        // Only another zone replaces it, where nothing collides.
        { parent: this },
      );
    this.registerOutputs({ nameServers: this.nameServers, dsRecord: this.dsRecord });
  }

  private signatures(name: string, plan: ZonePlan): ZoneDnssec {
    const delegated = plan.dnssec === "delegated";
    return new ZoneDnssec(
      `${name}-dnssec`,
      { zoneId: this.zoneId, status: "active" },
      {
        parent: this,
        // Without signatures a delegated zone vanishes for everyone who checks them: first the DS record goes.
        protect: plan.protect && delegated,
        // `pending` until the DS record is found at the registrar, which is the very step that comes next.
        ignoreChanges: delegated ? [] : ["status"],
      },
    );
  }
}

function recordArgs(record: RecordPlan, addresses: AddressBook): Omit<DnsRecordArgs, "zoneId"> {
  const { name, type, ttl, proxied, purpose, content, caa, priority } = record;
  return {
    name,
    type,
    ttl,
    proxied,
    comment: purpose.length > COMMENT ? `${purpose.slice(0, COMMENT - 1)}…` : purpose,
    // The provider takes one of the two.
    ...(caa
      ? { data: { ...caa } }
      : { content: typeof content === "string" ? content : addressIn(addresses, content) }),
    ...(priority !== undefined && { priority }),
  };
}

function checks(plan: ZonePlan): ArgumentCheck[] {
  const keys = plan.records.map(({ key }) => key);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  return [
    { argument: "plan.records", found: twice.join(", "), ok: twice.length === 0, allowed: "each key once" },
    ...plan.records.flatMap(({ key, name, type, content, caa, priority, proxied, ttl }): ArgumentCheck[] => [
      {
        argument: `record ${key}, name`,
        found: name,
        ok: name === plan.name || name.endsWith(`.${plan.name}`),
        allowed: `a full name in ${plan.name}`,
      },
      {
        argument: `record ${key}, content`,
        found: typeof content === "string" ? content : content.host,
        ok: typeof content === "string" ? content !== "" : type === (content.address === "ipv6" ? "AAAA" : "A"),
        allowed: "text, or a host's IPv4 address for A, its IPv6 address for AAAA",
      },
      {
        argument: `record ${key}, caa`,
        found: type,
        ok: (type === "CAA") === (caa !== undefined),
        allowed: "CAA alone",
      },
      {
        argument: `record ${key}, priority`,
        found: priority,
        ok: (type === "MX") === (priority !== undefined),
        allowed: "a number for MX alone",
      },
      {
        argument: `record ${key}, ttl`,
        found: ttl,
        ok: proxied ? ttl === 1 : ttl === 1 || (ttl >= 60 && ttl <= 86_400),
        allowed: "1 (automatic; the only value for a proxied record), or 60 to 86400 seconds",
      },
    ]),
  ];
}
