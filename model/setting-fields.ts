import * as z from "zod";
import type { Estate, Pool } from "./estate.ts";
import type { ThirdParty } from "./third-party.ts";

/** One setting: what it is for (also its line in the documentation), what is allowed, and an example that works. */
export interface Field {
  readonly what: string;
  readonly allowed: string;
  readonly example: string;
  readonly schema: z.ZodType;
  /** The value is text as it stands; all others are JSON. */
  readonly text?: true;
  /** Kept secret: the program sees only that it is there. */
  readonly secret?: true;
  /** What it is when the stack does not set it; a field without one is required where `needed` says so. */
  readonly default?: unknown;
  readonly needed?: (estate: Estate) => boolean;
}

const hostName = z.string().regex(/^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/);
const sendsMail = (estate: Estate) =>
  Object.values(estate.zones).some((zone) => Object.keys(zone.mail ?? {}).length > 0);

/** Every setting but `estate` and the pools', which each estate names itself. */
export const FIELDS = {
  admins: {
    what: "people who may log in: name, SSH public keys, groups of the estate",
    allowed:
      'a list of {name, keys, groups}; names as Unix users, keys as "ssh-ed25519 …" or other OpenSSH public keys',
    example:
      '[{"name":"alice","keys":["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample01"],"groups":["infra"]}]',
    schema: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
          keys: z
            .array(
              z
                .string()
                .regex(
                  /^(ssh-ed25519|ecdsa-sha2-nistp\d+|sk-ssh-ed25519@openssh\.com|ssh-rsa) [A-Za-z0-9+/]{40,}={0,2}( [^\n]*)?$/,
                ),
            )
            .min(1),
          groups: z.array(z.string()).min(1),
        }),
      )
      .min(1),
  },
  adminNetworks: {
    what: "networks from which admins log in",
    allowed: "a list of CIDR blocks, none wider than /8 (IPv4) or /16 (IPv6)",
    example: '["198.51.100.0/24","2001:db8:1::/48"]',
    schema: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .min(1)
      .refine((list) => list.every(isNarrow)),
  },
  alertEmails: {
    what: "mailboxes that alerts go to, outside the estate's own domains",
    allowed: "a list of addresses",
    example: '["oncall@example.net"]',
    schema: z.array(z.email()).min(1),
  },
  cloudflareAccountId: {
    what: "account that owns the zones (dashboard, Account home, Copy account ID)",
    allowed: "32 hexadecimal digits",
    example: "0123456789abcdef0123456789abcdef",
    schema: z.string().regex(/^[0-9a-f]{32}$/),
    text: true,
  },
  mailRelay: {
    what: "server through which the hosts send mail, as port 25 is closed on both clouds",
    allowed: "{host, port, spf}; a port other than 25",
    example: '{"host":"smtp.relay.example","port":587,"spf":"spf.relay.example"}',
    schema: z.strictObject({
      host: hostName,
      port: z
        .int()
        .min(1)
        .max(65_535)
        .refine((port) => port !== 25),
      spf: hostName,
    }),
    needed: sendsMail,
  },
  dkim: {
    what: "public DKIM keys of the domains that send mail",
    allowed: "a list of {domain, selector, publicKey}; without domain the key is for all, publicKey is base64",
    example: '[{"selector":"s2026","publicKey":"ExampleExampleExampleExampleExampleExample0="}]',
    schema: z
      .array(
        z.strictObject({
          domain: hostName.optional(),
          selector: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
          publicKey: z.string().regex(/^[A-Za-z0-9+/]{40,}={0,2}$/),
        }),
      )
      .min(1),
    needed: sendsMail,
  },
  storageBoxPassword: {
    what: "password of the backup storage box; used at its creation only, logins are by key",
    allowed: "at least 12 characters with upper and lower case, a digit and a special character",
    example: "'…'",
    schema: z.string(),
    secret: true,
    needed: (estate) => estate.backups.kind === "storageBox",
  },
  mirrorNetworks: {
    what: "networks of those who mirror the downloads by rsync",
    allowed: "a list of CIDR blocks",
    example: '["203.0.113.16/28"]',
    schema: z.array(z.union([z.cidrv4(), z.cidrv6()])),
    default: [],
  },
  cdn: {
    what: "downloads go through the CDN",
    allowed: "true or false",
    example: "false",
    schema: z.boolean(),
    default: true,
  },
  dmarc: {
    what: "what receivers do with mail in our name that fails DMARC",
    allowed: "none, quarantine or reject",
    example: "quarantine",
    schema: z.enum(["none", "quarantine", "reject"]),
    text: true,
    default: "none",
  },
  mtaSts: {
    what: "whether senders must use TLS towards our mail server",
    allowed: "testing or enforce",
    example: "enforce",
    schema: z.enum(["testing", "enforce"]),
    text: true,
    default: "testing",
  },
  dnssec: {
    what: "DNSSEC of each zone: first signed, then delegated (its DS record is at the registrar)",
    allowed: "an object from zone to off, signed or delegated",
    example: '{"example.org":"signed"}',
    schema: z.record(z.string(), z.enum(["off", "signed", "delegated"])),
    default: {},
  },
  unprotected: {
    what: "hosts and zones whose delete protection is lifted, before they are removed",
    allowed: 'a list of hosts and zones, or "all"',
    example: '["build-02"]',
    schema: z.union([z.literal("all"), z.array(z.string())]),
    default: [],
  },
  includeRetired: {
    what: "services that upstream has retired are declared too",
    allowed: "true or false",
    example: "false",
    schema: z.boolean(),
    default: true,
  },
  overBudget: {
    what: "why a preview over the budget may pass, in an emergency",
    allowed: "a reason of at least ten characters",
    example: '"mirror lost, two workers more until March"',
    schema: z.string().min(10),
    text: true,
    default: undefined,
  },
} as const satisfies Record<string, Field>;

/** The machines that private parties lend; the estate names the setting. */
export function donationsField(what: string): Field {
  return {
    what,
    allowed: "a list of {name, ipv4, ipv6, owner}; ipv6 may be left out",
    example: '[{"name":"donor-01","ipv4":"192.0.2.7","owner":"a university"}]',
    schema: z.array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
        ipv4: z.ipv4(),
        ipv6: z.ipv6().optional(),
        owner: z.string().min(1),
      }),
    ),
    default: [],
  };
}

/** The networks of a third party that firewalls admit; the estate names the setting. */
export function thirdPartyField({ name, what }: ThirdParty): Field {
  return {
    what: `networks of ${name} (${what}) that firewalls admit`,
    allowed: "a list of CIDR blocks",
    example: '["203.0.113.64/26"]',
    schema: z.array(z.union([z.cidrv4(), z.cidrv6()])),
    default: [],
  };
}

/** The size of a pool of hosts; the estate names the setting. */
export function poolField({ what, default: size }: Pool, hosts: number): Field {
  return {
    what,
    allowed: `a whole number from 0 to ${hosts}`,
    example: String(Math.min(1, hosts)),
    schema: z.int().min(0).max(hosts),
    default: size,
  };
}

/** Wide networks would make "only from admin networks" meaningless. */
function isNarrow(cidr: string): boolean {
  const [address = "", length = "0"] = cidr.split("/");
  return Number(length) >= (address.includes(":") ? 16 : 8);
}
