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
  /** CIDR blocks of third parties, by the setting that the estate names. */
  readonly thirdPartyNetworks: Readonly<Record<string, readonly string[]>>;
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
  /** Left out: every domain that sends mail. */
  readonly domain?: string | undefined;
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
