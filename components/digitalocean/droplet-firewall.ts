import { Firewall } from "@pulumi/digitalocean/firewall.js";
import * as pulumi from "@pulumi/pulumi";
import type { DropletPlan } from "../../model/blueprint.ts";
import { type AddressBook, cidrIn } from "../addresses.ts";
import { checkArguments } from "../check-arguments.ts";
import { firewallChecks } from "../firewall-checks.ts";
import type { WebDroplet } from "./web-droplet.ts";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

export interface DropletFirewallArgs {
  readonly plan: Pick<DropletPlan, "key" | "name" | "firewall">;
  readonly droplet: WebDroplet;
  /** All hosts that the rules name. */
  readonly addresses: AddressBook;
}

/** The firewall of one droplet: what its services declare comes in, everything may go out. */
export class DropletFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: DropletFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, droplet, addresses } = args;
    checkArguments("DropletFirewall", name, [
      ...firewallChecks(plan.firewall),
      { argument: "droplet.key", found: droplet.key, ok: droplet.key === plan.key, allowed: plan.key },
    ]);
    super("foss-infra:digitalocean:DropletFirewall", name, {}, opts);
    new Firewall(
      `${name}-firewall`,
      {
        name: plan.name,
        // By id: a tag could be given to any droplet.
        dropletIds: [droplet.dropletId],
        inboundRules: plan.firewall.map(({ protocol, port, sources }) => ({
          protocol,
          ...(port !== undefined && { portRange: String(port) }),
          sourceAddresses: sources.map((source) => cidrIn(addresses, source)),
        })),
        // A firewall without these lets nothing out.
        outboundRules: [
          { protocol: "tcp", portRange: "1-65535", destinationAddresses: EVERYWHERE },
          { protocol: "udp", portRange: "1-65535", destinationAddresses: EVERYWHERE },
          { protocol: "icmp", destinationAddresses: EVERYWHERE },
        ],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
