import { PrimaryIp } from "@pulumi/hcloud/primaryIp.js";
import { Rdns } from "@pulumi/hcloud/rdns.js";
import * as pulumi from "@pulumi/pulumi";
import type { HetznerServerPlan } from "../../model/blueprint.ts";
import { HETZNER_LOCATIONS } from "../../model/catalogue/hetzner.ts";
import type { AddressedHost, HostAddresses } from "../addresses.ts";
import { checkArguments, oneOf } from "../check-arguments.ts";
import { firstIpv6 } from "../first-ipv6.ts";
import { numericId } from "../numeric-id.ts";
import { unlessMoved } from "../unless-moved.ts";

export interface HetznerAddressesArgs {
  /** The server that the addresses are for. */
  readonly plan: Pick<HetznerServerPlan, "key" | "name" | "fqdn" | "location" | "labels" | "protect">;
}

/**
 * The public addresses of one server with their reverse DNS. They exist before the server and outlive it: firewalls and
 * records refer to them, and a server that is made again answers at the same place.
 */
export class HetznerAddresses extends pulumi.ComponentResource implements AddressedHost {
  readonly key: string;
  readonly addresses: HostAddresses;
  /** Ids of the Primary IPs, for the server's public network. */
  readonly ipv4Id: pulumi.Output<number>;
  readonly ipv6Id: pulumi.Output<number>;

  constructor(name: string, args: HetznerAddressesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    checkArguments("HetznerAddresses", name, [
      oneOf("plan.location", plan.location, HETZNER_LOCATIONS),
      {
        argument: "plan.fqdn",
        found: plan.fqdn,
        ok: /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(plan.fqdn),
        allowed: "a fully qualified name in lower case, such as git-01.infra.example.org",
      },
    ]);
    super("foss-infra:hetzner:Addresses", name, {}, opts);
    const [ipv4, ipv6] = (["ipv4", "ipv6"] as const).map((type) => this.primaryIp(name, type, plan)) as [
      PrimaryIp,
      PrimaryIp,
    ];
    const published = { ipv4: ipv4.ipAddress, ipv6: ipv6.ipNetwork.apply(firstIpv6) };
    this.reverseDns(`${name}-ipv4-ptr`, ipv4, published.ipv4, plan.fqdn);
    this.reverseDns(`${name}-ipv6-ptr`, ipv6, published.ipv6, plan.fqdn);

    this.key = plan.key;
    this.addresses = { ...published, egress4: published.ipv4 };
    this.ipv4Id = idUnlessMoved(ipv4, plan);
    this.ipv6Id = idUnlessMoved(ipv6, plan);
    this.registerOutputs(published);
  }

  private primaryIp(name: string, type: "ipv4" | "ipv6", plan: HetznerAddressesArgs["plan"]): PrimaryIp {
    return new PrimaryIp(
      `${name}-${type}`,
      {
        name: `${plan.name}-${type}`,
        type,
        location: plan.location,
        // Otherwise the cloud deletes the address with its server.
        autoDelete: false,
        deleteProtection: plan.protect,
        labels: { ...plan.labels },
      },
      {
        parent: this,
        protect: plan.protect,
        // Another location would mean another address: refused below instead.
        ignoreChanges: ["location"],
        // Its name is unique: when it is replaced on purpose, the old one must go first.
        deleteBeforeReplace: true,
      },
    );
  }

  private reverseDns(name: string, primaryIp: PrimaryIp, ipAddress: pulumi.Input<string>, dnsPtr: string): Rdns {
    // An entry belongs to one address and goes with it.
    const options = { parent: this, deleteBeforeReplace: true };
    return new Rdns(name, { primaryIpId: numericId(primaryIp), ipAddress, dnsPtr }, options);
  }
}

/** What a server needs to know of its address: so there is none in another location than its addresses. */
const idUnlessMoved = (primaryIp: PrimaryIp, { key, location }: HetznerAddressesArgs["plan"]): pulumi.Output<number> =>
  unlessMoved(numericId(primaryIp), [
    { of: `the address of ${key}`, property: "location", found: primaryIp.location, wanted: location },
  ]);
