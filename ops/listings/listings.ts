import { EXIT, Refusal } from "../refusal.ts";
import { cloudflareListing, type Signatures } from "./cloudflare.ts";
import { digitalOceanListing } from "./digitalocean.ts";
import type { CloudName, Existing } from "./existing.ts";
import { hetznerListing } from "./hetzner.ts";
import { type Account, ReadOnlyApi } from "./read-only-api.ts";
import type { Patience } from "./retries.ts";

export interface Listings {
  readonly existing: readonly Existing[];
  readonly signatures: readonly Signatures[];
}

/**
 * What the named clouds have, read with GET alone. Tokens come from the environment (`HCLOUD_TOKEN`,
 * `DIGITALOCEAN_TOKEN`, `CLOUDFLARE_API_TOKEN`; read-only ones suffice), as do other endpoints
 * (`HCLOUD_ENDPOINT`, `HETZNER_ENDPOINT`, `DIGITALOCEAN_API_URL`, `CLOUDFLARE_BASE_URL`).
 * @throws Refusal without a token, UnreadableCloud
 */
export async function listClouds(
  clouds: Iterable<CloudName>,
  environment: NodeJS.ProcessEnv,
  patience?: Patience,
): Promise<Listings> {
  const wanted = [...new Set(clouds)];
  // All that is missing is said before the first request.
  const accounts = new Map(wanted.map((cloud) => [cloud, accountOf(cloud, environment)]));
  const parts = await Promise.all(
    [...accounts].map(async ([cloud, account]): Promise<Listings> => {
      const api = new ReadOnlyApi(account, patience);
      switch (cloud) {
        case "hcloud": {
          const endpoint = environment["HETZNER_ENDPOINT"] || environment["HCLOUD_ENDPOINT"] || STORAGE_ENDPOINT;
          const storage = new ReadOnlyApi({ ...account, endpoint: withoutSlash(endpoint) }, patience);
          return { existing: await hetznerListing(api, storage), signatures: [] };
        }
        case "digitalocean":
          return { existing: await digitalOceanListing(api), signatures: [] };
        case "cloudflare":
          return cloudflareListing(api);
        default:
          return cloud satisfies never;
      }
    }),
  );
  return {
    existing: parts.flatMap(({ existing }) => existing),
    signatures: parts.flatMap(({ signatures }) => signatures),
  };
}

/** Storage boxes moved from Robot to an API of their own in 2025; the token of the cloud project opens it. */
const STORAGE_ENDPOINT = "https://api.hetzner.com/v1";

const ACCOUNTS = {
  hcloud: {
    cloud: "Hetzner",
    tokenVariable: "HCLOUD_TOKEN",
    endpointVariable: "HCLOUD_ENDPOINT",
    endpoint: "https://api.hetzner.cloud/v1",
  },
  digitalocean: {
    cloud: "DigitalOcean",
    tokenVariable: "DIGITALOCEAN_TOKEN",
    endpointVariable: "DIGITALOCEAN_API_URL",
    endpoint: "https://api.digitalocean.com",
  },
  cloudflare: {
    cloud: "Cloudflare",
    tokenVariable: "CLOUDFLARE_API_TOKEN",
    endpointVariable: "CLOUDFLARE_BASE_URL",
    endpoint: "https://api.cloudflare.com/client/v4",
  },
} as const satisfies Record<CloudName, object>;

function accountOf(name: CloudName, environment: NodeJS.ProcessEnv): Account {
  const { cloud, tokenVariable, endpointVariable, endpoint } = ACCOUNTS[name];
  const token = environment[tokenVariable];
  if (!token)
    throw new Refusal(
      EXIT.badUsage,
      `${cloud} cannot be listed: ${tokenVariable} is not set.\n  A token that can only read is enough; set it in the environment, never in a file of the project.`,
    );
  return { cloud, tokenVariable, token, endpoint: withoutSlash(environment[endpointVariable] || endpoint) };
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");
