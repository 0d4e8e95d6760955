import { createHash } from "node:crypto";
import type { RecordPlan } from "../model/blueprint.ts";
import type { Settings } from "../model/settings.ts";
import type { ActiveEstate } from "./active-estate.ts";
import { DIRECT_TTL, txt } from "./record.ts";

/** Mail records of a zone: of each domain that sends and receives, and a refusal for a zone that does neither. */
export function mailRecords(active: ActiveEstate, zoneName: string): RecordPlan[] {
  const domains = Object.entries(active.estate.zones[zoneName]?.mail ?? {});
  const records = domains.flatMap(([domain, spec]) => {
    if (!spec) return [];
    return "sendsOnly" in spec ? sendingDomain(active, domain) : mailDomain(active, zoneName, domain, spec.mx);
  });
  return domains.some(([domain]) => domain === zoneName) ? records : [...noMail(zoneName), ...records];
}

function mailDomain(active: ActiveEstate, zone: string, domain: string, serviceId: string): RecordPlan[] {
  const { settings } = active;
  const exchange = active.services[serviceId]?.names[0]?.name;
  if (exchange === undefined || !settings.mailRelay) return [];
  // Reports of all domains of a zone go to one mailbox: within one organisation no permission record is needed.
  const apex = active.estate.zones[zone]?.mail?.[zone];
  const reports = apex && "mx" in apex ? zone : domain;
  return [
    {
      key: `${domain}/MX/mail`,
      name: domain,
      type: "MX",
      content: exchange,
      priority: 10,
      proxied: false,
      ttl: DIRECT_TTL,
      purpose: "incoming mail",
    },
    txt(domain, "spf", `v=spf1 mx include:${settings.mailRelay.spf} -all`, "who may send"),
    ...dkimRecords(settings, domain),
    txt(
      `_dmarc.${domain}`,
      "dmarc",
      `v=DMARC1; p=${settings.dmarc}; rua=mailto:dmarc@${reports}`,
      "mail that fails SPF and DKIM",
    ),
    txt(`_mta-sts.${domain}`, "mta-sts", `v=STSv1; id=${policyId(settings, exchange)}`, "TLS of incoming mail"),
    txt(`_smtp._tls.${domain}`, "tls-rpt", `v=TLSRPTv1; rua=mailto:tls-reports@${reports}`, "reports of failed TLS"),
  ];
}

/**
 * A domain that services send in the name of and nobody writes to. No null MX: receivers may refuse the mail of domains
 * that have one (RFC 7505, 4.2). No reports: no mailbox of ours would receive them.
 */
function sendingDomain({ settings }: ActiveEstate, domain: string): RecordPlan[] {
  if (!settings.mailRelay) return [];
  return [
    txt(domain, "spf", `v=spf1 include:${settings.mailRelay.spf} -all`, "who may send"),
    ...dkimRecords(settings, domain),
    txt(`_dmarc.${domain}`, "dmarc", `v=DMARC1; p=${settings.dmarc}`, "mail that fails SPF and DKIM"),
  ];
}

const dkimRecords = ({ dkim: keys }: Settings, domain: string): RecordPlan[] =>
  keys
    .filter((key) => (key.domain ?? domain) === domain)
    .map(({ selector, publicKey }) =>
      txt(`${selector}._domainkey.${domain}`, "dkim", dkim(publicKey), "signatures of sent mail"),
    );

/** Null MX (RFC 7505), no sender, and rejection of forgeries. */
function noMail(zone: string): RecordPlan[] {
  return [
    {
      key: `${zone}/MX/none`,
      name: zone,
      type: "MX",
      content: ".",
      priority: 0,
      proxied: false,
      ttl: DIRECT_TTL,
      purpose: "accepts no mail",
    },
    txt(zone, "spf", "v=spf1 -all", "sends no mail"),
    txt(`_dmarc.${zone}`, "dmarc", "v=DMARC1; p=reject", "all mail in its name is forged"),
  ];
}

/** Senders fetch the MTA-STS policy again when its id changes (RFC 8461): it is made from all that the policy says. */
const policyId = (settings: Settings, exchange: string) =>
  createHash("sha256").update(`${settings.mtaSts} ${exchange}`).digest("hex").slice(0, 20);

/** A raw Ed25519 key has 44 characters of base64; RSA keys are DER and far longer. */
const dkim = (publicKey: string) => `v=DKIM1; k=${publicKey.length <= 44 ? "ed25519" : "rsa"}; p=${publicKey}`;
