import { isIPv4 } from "node:net";
import { Firewall } from "@pulumi/hcloud/firewall.js";
import { Server } from "@pulumi/hcloud/server.js";
import { ServerNetwork } from "@pulumi/hcloud/serverNetwork.js";
import { Volume } from "@pulumi/hcloud/volume.js";
import { VolumeAttachment } from "@pulumi/hcloud/volumeAttachment.js";
import * as pulumi from "@pulumi/pulumi";
import type { HetznerServerPlan } from "../../model/blueprint.ts";
import {
  HETZNER_IMAGES,
  HETZNER_LIMITS,
  HETZNER_LOCATIONS,
  HETZNER_SERVER_TYPES,
} from "../../model/catalogue/hetzner.ts";
import { type AddressBook, cidrIn } from "../addresses.ts";
import { type ArgumentCheck, between, checkArguments, oneOf, userDataWithin } from "../check-arguments.ts";
import { firewallChecks } from "../firewall-checks.ts";
import { numericId } from "../numeric-id.ts";
import { unlessMoved } from "../unless-moved.ts";
import type { HetznerAddresses } from "./addresses.ts";
import type { HetznerProject } from "./project.ts";

export interface HetznerServerArgs {
  readonly plan: HetznerServerPlan;
  /** Network, placement group and keys. */
  readonly project: HetznerProject;
  /** The server's own addresses. */
  readonly publicIps: HetznerAddresses;
  /** All hosts that the firewall's rules name. */
  readonly addresses: AddressBook;
}

/**
 * A server of Hetzner Cloud behind its own firewall from its first packet on, with a private address and, if it keeps
 * data, one volume that outlives it.
 */
export class HetznerServer extends pulumi.ComponentResource {
  readonly serverId: pulumi.Output<number>;

  constructor(name: string, args: HetznerServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, project } = args;
    checkArguments("HetznerServer", name, checks(args));
    super("foss-infra:hetzner:Server", name, {}, opts);
    const parent = { parent: this };
    const firewall = new Firewall(
      `${name}-firewall`,
      { name: plan.name, labels: { ...plan.labels }, rules: firewallRules(plan, args.addresses) },
      parent,
    );
    const server = this.server(name, args, numericId(firewall));
    this.serverId = numericId(server);
    if (project.subnetId)
      new ServerNetwork(
        `${name}-private`,
        { serverId: this.serverId, subnetId: project.subnetId, ip: plan.privateIp },
        // The address can be in the network once only.
        { ...parent, deleteBeforeReplace: true },
      );
    if (plan.volume) this.volume(name, plan, plan.volume);
    this.registerOutputs({ serverId: this.serverId });
  }

  private server(name: string, { plan, project, publicIps }: HetznerServerArgs, firewallId: pulumi.Output<number>) {
    return new Server(
      `${name}-server`,
      {
        name: plan.name,
        serverType: plan.type,
        image: plan.image,
        location: plan.location,
        publicNets: [{ ipv4Enabled: true, ipv4: publicIps.ipv4Id, ipv6Enabled: true, ipv6: publicIps.ipv6Id }],
        firewallIds: [firewallId],
        ...(plan.spread !== false && project.placementGroupId && { placementGroupId: project.placementGroupId }),
        // By name, not by id: before the engine deletes a key to replace it, it asks what its dependents would do, without
        // their ignoreChanges, and another key would mean another server (step_generator.go, 2026-08).
        sshKeys: project.sshKeys.map((key) => key.name),
        userData: pulumi.secret(plan.userData),
        labels: { ...plan.labels },
        // The cloud refuses one without the other.
        deleteProtection: plan.protect,
        rebuildProtection: plan.protect,
        // A larger disk forbids every later step down; data is on the volume.
        keepDisk: true,
        shutdownBeforeDeletion: true,
      },
      {
        parent: this,
        protect: plan.protect,
        dependsOn: project.sshKeys.map((key) => key.resource),
        // For the first boot only: a running host is converged, a new system is rolled in place. Another location is refused
        // with its addresses and volume.
        ignoreChanges: ["userData", "sshKeys", "image", "location"],
        // Name and addresses belong to one server at a time: when it is replaced on purpose, the old one must go first.
        deleteBeforeReplace: true,
      },
    );
  }

  private volume(name: string, plan: HetznerServerPlan, { name: volumeName, size }: { name: string; size: number }) {
    const volume = new Volume(
      `${name}-data`,
      {
        name: volumeName,
        size,
        location: plan.location,
        format: "ext4",
        deleteProtection: plan.protect,
        labels: { ...plan.labels },
      },
      {
        parent: this,
        protect: plan.protect,
        // Only the creation formats and places. The format is not read back, so an adopted volume would seem to need
        // another one; another location is refused below.
        ignoreChanges: ["format", "location"],
        // The provider asks for delete-first as the name is fixed. Never for data: the creation of a second volume of that
        // name fails, and nothing is lost.
        deleteBeforeReplace: false,
      },
    );
    return new VolumeAttachment(
      `${name}-data-attachment`,
      {
        serverId: this.serverId,
        volumeId: unlessMoved(numericId(volume), [
          { of: `the volume of ${plan.key}`, property: "location", found: volume.location, wanted: plan.location },
        ]),
      },
      // A volume is attached to one server at a time; detaching loses nothing.
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

function firewallRules(plan: HetznerServerPlan, addresses: AddressBook) {
  return plan.firewall.map(({ purpose, protocol, port, sources }) => ({
    // Hetzner keeps 255 characters.
    description: purpose.slice(0, 255),
    direction: "in",
    protocol,
    ...(port !== undefined && { port: String(port) }),
    sourceIps: sources.map((source) => cidrIn(addresses, source)),
  }));
}

function checks({ plan, project, publicIps }: HetznerServerArgs): ArgumentCheck[] {
  return [
    oneOf("plan.type", plan.type, HETZNER_SERVER_TYPES),
    oneOf("plan.image", plan.image, HETZNER_IMAGES),
    oneOf("plan.location", plan.location, HETZNER_LOCATIONS),
    {
      argument: "plan.name",
      found: plan.name,
      ok: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(plan.name),
      allowed: "a host name of at most 63 lower-case letters, digits and dashes",
    },
    {
      argument: "plan.privateIp",
      found: plan.privateIp,
      ok: isIPv4(plan.privateIp),
      allowed: "an IPv4 address of the private network",
    },
    {
      argument: "project.subnetId",
      found: undefined,
      ok: project.subnetId !== undefined,
      allowed: "a project with a network",
    },
    { argument: "publicIps.key", found: publicIps.key, ok: publicIps.key === plan.key, allowed: plan.key },
    userDataWithin(plan.userData, HETZNER_LIMITS.userData),
    ...(plan.volume ? [between("plan.volume.size", plan.volume.size, HETZNER_LIMITS.volume, "GB")] : []),
    between("plan.firewall", plan.firewall.length, { min: 0, max: HETZNER_LIMITS.firewallRules }, "rules"),
    ...firewallChecks(plan.firewall),
    ...plan.firewall.map(({ purpose, sources }) =>
      between(`sources of "${purpose}"`, sources.length, { min: 0, max: HETZNER_LIMITS.firewallSources }, "sources"),
    ),
  ];
}
