import * as z from "zod";
import type { Estate } from "./estate.ts";

/** What differs between deployments of one estate, or is known only to its owners: `Pulumi.<stack>.yaml`. */
export interface Settings {
  readonly estate: string;
  readonly admins: readonly Admin[];
  /** CIDR blocks from which admins log in. */
  readonly adminNetworks: readonly string[];
  readonly alertEmails: readonly string[];
  readonly cloudflareAccountId: string;
  readonly mailRelay: MailRelay | undefined;
  readonly dkim: readonly DkimKey[];
  /** Hosts of each pool of the estate, by the pool's id. */
  readonly pools: Readonly<Record<string, number>>;
  readonly donations: readonly DonatedMachine[];
  /** CIDR blocks of those who mirror the downloads by rsync. */
  readonly mirrorNetworks: readonly string[];
  /** Downloads go through the CDN. */
  readonly cdn: boolean;
  readonly dmarc: "none" | "quarantine" | "reject";
  readonly mtaSts: "testing" | "enforce";
  /** Zones that are signed, and those whose DS record is at the registrar. */
  readonly dnssec: Readonly<Record<string, "off" | "signed" | "delegated">>;
  /** Hosts (and zones) whose guards are lifted before a removal. */
  readonly unprotected: "all" | readonly string[];
  /** Services that upstream has retired are declared too. */
  readonly includeRetired: boolean;
  /** Why a preview over the budget may pass, for an emergency. */
  readonly overBudget: string | undefined;
}

export interface Admin {
  readonly name: string;
  readonly keys: readonly string[];
  readonly groups: readonly string[];
}

export interface MailRelay {
  readonly host: string;
  readonly port: number;
  /** The name that the relay's customers include in their SPF record. */
  readonly spf: string;
}

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** Base64 of the public key (DER), as in the `p=` tag. */
  readonly publicKey: string;
}

export interface DonatedMachine {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6?: string | undefined;
  readonly owner: string;
}

/** A setting that cannot be used: one per mistake, all at once. */
export interface SettingProblem {
  readonly key: string;
  readonly message: string;
}

/** One setting: what it is for (also its line in the documentation), what is allowed, and an example that works. */
interface Field {
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
    allowed: "a list of {domain, selector, publicKey}; publicKey is base64",
    example:
      '[{"domain":"example.org","selector":"s2026","publicKey":"MCowBQYDK2VwAyEAexampleexampleexampleexampleexampleexamplee="}]',
    schema: z
      .array(
        z.strictObject({
          domain: hostName,
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

/**
 * The settings of a stack.
 * @param raw configuration values by key without the project's name; secrets as any text
 * @returns the settings, or every problem found
 */
export function parseSettings(
  raw: Readonly<Record<string, string>>,
  estates: Readonly<Record<string, Estate>>,
): { readonly settings: Settings; readonly estate: Estate } | { readonly problems: readonly SettingProblem[] } {
  const known = Object.keys(estates);
  const estate = raw["estate"] === undefined ? undefined : estates[raw["estate"]];
  const problems: SettingProblem[] = [];
  if (!estate)
    problems.push(
      problem(
        "estate",
        raw["estate"],
        "which project this stack provisions",
        known.join(" or "),
        known[0] ?? "",
        raw["estate"] === undefined,
      ),
    );
  const pools = Object.entries(estate?.pools ?? {});
  const donations = estate?.donations?.setting;
  const fields: Record<string, Field> = { ...FIELDS };
  for (const [id, pool] of pools) {
    const size = Object.values(estate?.hosts ?? {}).filter(
      (host) => host.kind !== "external" && host.pool?.pool === id,
    ).length;
    fields[pool.setting] = {
      what: pool.what,
      allowed: `a whole number from 0 to ${size}`,
      example: String(Math.min(1, size)),
      schema: z.int().min(0).max(size),
      default: pool.default,
    };
  }
  if (estate?.donations) fields[estate.donations.setting] = donationsField(estate.donations.what);

  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const text = raw[key];
    if (text === undefined) {
      if (!("default" in field) && (!estate || (field.needed?.(estate) ?? true)))
        problems.push(problem(key, undefined, field.what, field.allowed, field.example, true, field.secret));
      else values[key] = field.default;
      continue;
    }
    const parsed = field.schema.safeParse(field.text || field.secret ? text : json(text));
    if (parsed.success) values[key] = parsed.data;
    else
      for (const issue of parsed.error.issues)
        problems.push(
          problem(
            keyPath(key, issue.path),
            found(json(text), issue.path, text),
            field.what,
            field.allowed,
            field.example,
            false,
            field.secret,
            key,
          ),
        );
  }
  for (const key of Object.keys(raw))
    if (key !== "estate" && !(key in fields) && estate)
      problems.push({
        key,
        message: `${key}: there is no such setting.\n  Allowed: ${["estate", ...Object.keys(fields)].join(", ")}. Remove it: pulumi config rm ${key}`,
      });
  if (problems.length > 0 || !estate) return { problems };

  const {
    admins,
    adminNetworks,
    alertEmails,
    cloudflareAccountId,
    mailRelay,
    dkim,
    mirrorNetworks,
    cdn,
    dmarc,
    mtaSts,
    dnssec,
    unprotected,
    includeRetired,
    overBudget,
  } = values as Omit<Settings, "estate" | "pools" | "donations">;
  return {
    estate,
    settings: {
      estate: estate.name,
      admins,
      adminNetworks,
      alertEmails,
      cloudflareAccountId,
      mailRelay,
      dkim: dkim ?? [],
      pools: Object.fromEntries(pools.map(([id, pool]) => [id, values[pool.setting] as number])),
      donations: donations === undefined ? [] : (values[donations] as DonatedMachine[]),
      mirrorNetworks,
      cdn,
      dmarc,
      mtaSts,
      dnssec,
      unprotected,
      includeRetired,
      overBudget,
    },
  };
}

function donationsField(what: string): Field {
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

/** Wide networks would make "only from admin networks" meaningless. */
function isNarrow(cidr: string): boolean {
  const [address = "", length = "0"] = cidr.split("/");
  return Number(length) >= (address.includes(":") ? 16 : 8);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const keyPath = (key: string, path: readonly PropertyKey[]) =>
  path.reduce<string>((at, step) => (typeof step === "number" ? `${at}[${step}]` : `${at}.${String(step)}`), key);

function found(value: unknown, path: readonly PropertyKey[], text: string): string {
  let at: unknown = value;
  for (const step of path) at = typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined;
  return path.length === 0 ? text : at === undefined ? "nothing" : JSON.stringify(at);
}

function problem(
  key: string,
  value: string | undefined,
  what: string,
  allowed: string,
  example: string,
  missing: boolean,
  secret?: boolean,
  top = key,
): SettingProblem {
  const command = `pulumi config set ${secret ? "--secret " : ""}${top} ${/^[\w.-]*$/.test(example) || example.startsWith("'") ? example : `'${example}'`}`;
  const first = missing
    ? `${key}: not set (${what}).`
    : `${key}: found ${secret ? "[secret]" : shortened(value ?? "nothing")}.`;
  return { key, message: `${first}\n  Allowed: ${allowed}. Example: ${command}` };
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
