import type { ActiveEstate } from "../../blueprint/active-estate.ts";
import { DIGITALOCEAN_EXTRAS, DROPLET_SIZES } from "../../model/catalogue/digitalocean.ts";
import { HETZNER_EXTRAS, HETZNER_SERVER_TYPES, STORAGE_BOX_TYPES } from "../../model/catalogue/hetzner.ts";

/** Something of the estate whose price a vendor's API tells. */
export interface PricedThing {
  readonly vendor: "hetzner" | "digitalocean";
  /** The price's name: `server cx53 fsn1`, `ipv4 fsn1`, `volume`, `storage box bx11 hel1`, `droplet s-1vcpu-2gb`. */
  readonly price: string;
  readonly payer: string;
  readonly currency: "EUR" | "USD";
  /** Currency units per month and piece (volumes: per GB), net: the catalogue's. */
  readonly listed: number;
  /** Pieces, or GB. */
  readonly quantity: number;
}

/** What an estate orders and a vendor prices. Uptime checks and DigitalOcean's volumes have no price in an API. */
export function pricedThings({ hosts, estate }: ActiveEstate): PricedThing[] {
  const { backups } = estate;
  const box: PricedThing[] =
    backups.kind === "storageBox"
      ? [
          {
            vendor: "hetzner",
            price: `storage box ${backups.type} ${backups.location}`,
            payer: backups.payer,
            currency: "EUR",
            listed: STORAGE_BOX_TYPES[backups.type].monthly,
            quantity: 1,
          },
        ]
      : [];
  const ofHosts = Object.values(hosts).flatMap((host): PricedThing[] => {
    switch (host.kind) {
      case "hetzner": {
        const own = { vendor: "hetzner", payer: host.payer, currency: "EUR" } as const;
        const { location, type, volumeGb = 0 } = host;
        return [
          { ...own, price: `server ${type} ${location}`, listed: HETZNER_SERVER_TYPES[type].monthly, quantity: 1 },
          { ...own, price: `ipv4 ${location}`, listed: HETZNER_EXTRAS.ipv4, quantity: 1 },
          ...(volumeGb > 0
            ? [{ ...own, price: "volume", listed: HETZNER_EXTRAS.volumePerGb, quantity: volumeGb }]
            : []),
        ];
      }
      case "digitalOcean":
        return [
          {
            vendor: "digitalocean",
            price: `droplet ${host.size}`,
            payer: host.payer,
            currency: "USD",
            listed: DROPLET_SIZES[host.size].monthly,
            // Weekly backups cost a share of the droplet.
            quantity: 1 + DIGITALOCEAN_EXTRAS.weeklyBackups,
          },
        ];
      case "external":
        return [];
      default:
        return host satisfies never;
    }
  });
  return [...ofHosts, ...box];
}
