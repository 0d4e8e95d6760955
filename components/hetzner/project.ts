import { Network } from "@pulumi/hcloud/network.js";
import { NetworkSubnet } from "@pulumi/hcloud/networkSubnet.js";
import { PlacementGroup } from "@pulumi/hcloud/placementGroup.js";
import { SshKey } from "@pulumi/hcloud/sshKey.js";
import * as pulumi from "@pulumi/pulumi";
import type { HetznerPlan, SshKeyPlan } from "../../model/blueprint.ts";
import { HETZNER_LIMITS } from "../../model/catalogue/hetzner.ts";
import { between, checkArguments } from "../check-arguments.ts";
import { numericId } from "../numeric-id.ts";

export interface HetznerProjectArgs {
  /** The network and placement group to make. Without servers neither they nor the keys are made. */
  readonly plan: HetznerPlan;
  /** Keys that new servers trust. */
  readonly sshKeys: readonly SshKeyPlan[];
}

/** What the servers of one Hetzner Cloud project share: private network, spread placement group and SSH keys. */
export class HetznerProject extends pulumi.ComponentResource {
  /** Undefined when the project has no network. */
  readonly subnetId: pulumi.Output<string> | undefined;
  /** Undefined when the project has no server. */
  readonly placementGroupId: pulumi.Output<number> | undefined;
  readonly sshKeys: readonly { readonly name: string; readonly resource: SshKey }[];

  constructor(name: string, args: HetznerProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, sshKeys } = args;
    const spread = plan.servers.filter((server) => server.spread !== false);
    checkArguments("HetznerProject", name, [
      between("plan.servers", spread.length, { min: 0, max: HETZNER_LIMITS.placementGroup }, "servers that spread"),
      {
        argument: "plan.network",
        found: undefined,
        ok: plan.network !== undefined || plan.servers.length === 0,
        allowed: "a network, as every server has a private address",
      },
    ]);
    super("foss-infra:hetzner:Project", name, {}, opts);
    const parent = { parent: this };
    const hasServers = plan.servers.length > 0;

    this.sshKeys = (hasServers ? sshKeys : []).map((key) => ({
      name: key.name,
      resource: new SshKey(
        `${name}-key-${key.key}`,
        { name: key.name, publicKey: key.publicKey },
        // Names are unique: with another public key the old one goes first. Servers name their keys as plain text, so
        // that this never counts as a change of theirs.
        { ...parent, deleteBeforeReplace: true },
      ),
    }));
    this.placementGroupId = hasServers
      ? numericId(new PlacementGroup(`${name}-placement`, { name: plan.placementGroup, type: "spread" }, parent))
      : undefined;
    this.subnetId = plan.network && privateNetwork(name, plan.network, parent).id;
    this.registerOutputs({ subnetId: this.subnetId, placementGroupId: this.placementGroupId });
  }
}

/** One subnet as wide as the network: addresses in it are given by the estate. */
function privateNetwork(
  name: string,
  plan: NonNullable<HetznerPlan["network"]>,
  parent: pulumi.CustomResourceOptions,
): NetworkSubnet {
  const network = new Network(
    `${name}-network`,
    { name: plan.name, ipRange: plan.ipRange, labels: { ...plan.labels } },
    // Another range means another network. Servers are attached by resources of their own, which move over.
    { ...parent, deleteBeforeReplace: true },
  );
  return new NetworkSubnet(
    `${name}-subnet`,
    { networkId: numericId(network), type: "cloud", networkZone: plan.networkZone, ipRange: plan.ipRange },
    { ...parent, deleteBeforeReplace: true },
  );
}
