/** What one of the clouds has, as far as it can be a resource of a program. */
export interface Existing {
  readonly cloud: CloudName;
  /** Pulumi's type: `hcloud:index/server:Server` */
  readonly type: string;
  /** The id that Pulumi's state holds for it. */
  readonly id: string;
  /** What `pulumi import` wants; often the same. */
  readonly importId: string;
  /** For people. */
  readonly name: string;
  /**
   * What it can be recognised by, named as the inputs of the resource; references hold the `id` of what they refer to.
   */
  readonly traits: Readonly<Record<string, string | readonly string[]>>;
  /**
   * A thing of its own, which somebody made and which costs, listens or answers. Left out are attachments, settings and
   * what the cloud makes by itself: their absence from a program says nothing.
   */
  readonly standalone: boolean;
}

export type CloudName = "hcloud" | "digitalocean" | "cloudflare";

/** The name of a cloud, for people. */
export const CLOUD_NAMES: Readonly<Record<CloudName, string>> = {
  hcloud: "Hetzner",
  digitalocean: "DigitalOcean",
  cloudflare: "Cloudflare",
};
