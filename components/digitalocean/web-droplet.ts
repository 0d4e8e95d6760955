import { Droplet } from "@pulumi/digitalocean/droplet.js";
import { ProjectResources } from "@pulumi/digitalocean/projectResources.js";
import { ReservedIp } from "@pulumi/digitalocean/reservedIp.js";
import { ReservedIpAssignment } from "@pulumi/digitalocean/reservedIpAssignment.js";
import { Volume } from "@pulumi/digitalocean/volume.js";
import { VolumeAttachment } from "@pulumi/digitalocean/volumeAttachment.js";
import * as pulumi from "@pulumi/pulumi";
import type { DropletPlan, VolumePlan } from "../../model/blueprint.ts";
import {
  DIGITALOCEAN_IMAGES,
  DIGITALOCEAN_LIMITS,
  DIGITALOCEAN_REGIONS,
  DROPLET_SIZES,
} from "../../model/catalogue/digitalocean.ts";
import type { AddressedHost, HostAddresses } from "../addresses.ts";
import { type ArgumentCheck, between, checkArguments, oneOf, userDataWithin } from "../check-arguments.ts";
import { numericId } from "../numeric-id.ts";
import { unlessMoved } from "../unless-moved.ts";
import { dropletAlerts } from "./droplet-alerts.ts";
import type { DigitalOceanProject } from "./project.ts";

export interface WebDropletArgs {
  readonly plan: DropletPlan;
  /** Project, network and keys. */
  readonly project: DigitalOceanProject;
  /** Who hears of a full disk, memory or processor. DigitalOcean mails members of the team only. */
  readonly alertEmails: readonly string[];
}

/**
 * A droplet with a reserved IP, weekly backups, alerts and, if it keeps data, one volume that outlives it. Its firewall
 * (`DropletFirewall`) is attached afterwards, as it may name addresses that exist only then; until then the host's own
 * firewall, made from the same rules, stands alone.
 */
export class WebDroplet extends pulumi.ComponentResource implements AddressedHost {
  readonly key: string;
  readonly addresses: HostAddresses;
  readonly dropletId: pulumi.Output<number>;

  constructor(name: string, args: WebDropletArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, project } = args;
    checkArguments("WebDroplet", name, checks(args));
    super("foss-infra:digitalocean:Droplet", name, {}, opts);
    const reservedIp = new ReservedIp(
      `${name}-ipv4`,
      { region: plan.region },
      // Another region would mean another address: refused below instead.
      { parent: this, protect: plan.protect, ignoreChanges: ["region"], deleteBeforeReplace: false },
    );
    const ipv4 = unlessMoved(reservedIp.ipAddress, [
      { of: `the address of ${plan.key}`, property: "region", found: reservedIp.region, wanted: plan.region },
    ]);
    const droplet = this.droplet(name, args);
    this.dropletId = numericId(droplet);
    new ReservedIpAssignment(
      `${name}-ipv4-assignment`,
      { dropletId: this.dropletId, ipAddress: ipv4 },
      // The address points to one droplet at a time.
      { parent: this, deleteBeforeReplace: true },
    );
    const volume = plan.volume && this.volume(name, plan, plan.volume);
    if (project.projectId)
      new ProjectResources(
        `${name}-project-resources`,
        {
          project: project.projectId,
          // The reserved IP follows its droplet. Named here it would differ for ever: the API calls it `do:floatingip:…`
          // (terraform-provider-digitalocean#1031, #1264).
          resources: [droplet.dropletUrn, ...(volume ? [volume.volumeUrn] : [])],
        },
        { parent: this },
      );
    dropletAlerts(name, { host: plan.name, droplet, emails: args.alertEmails }, { parent: this });

    this.key = plan.key;
    this.addresses = { ipv4, egress4: droplet.ipv4Address };
    this.registerOutputs({ ...this.addresses });
  }

  private droplet(name: string, { plan, project }: WebDropletArgs): Droplet {
    const vpcUuid = project.vpcIds.get(plan.region);
    return new Droplet(
      `${name}-droplet`,
      {
        // Also the reverse entry of the droplet's own address.
        name: plan.name,
        size: plan.size,
        image: plan.image,
        region: plan.region,
        ...(vpcUuid && { vpcUuid }),
        sshKeys: [...project.sshKeyIds],
        userData: pulumi.secret(plan.userData),
        tags: [...plan.tags],
        monitoring: true,
        // The agent of the web console comes in by SSH from addresses that no firewall here admits.
        dropletAgent: false,
        backups: true,
        backupPolicy: { plan: "weekly", weekday: "SUN", hour: 0 },
        // Other hosts admit droplets by their IPv4 address: with IPv6 they would come from one that nobody knows.
        ipv6: false,
        // A larger disk is for ever and forbids every later step down; data is on the volume.
        resizeDisk: false,
        gracefulShutdown: true,
      },
      {
        parent: this,
        protect: plan.protect,
        // For the first boot only: a running host is converged, a new system is rolled in place. The agent's switch is
        // not read back. Another region is refused with its address and volume; the network goes with it.
        ignoreChanges: ["userData", "sshKeys", "image", "dropletAgent", "region", "vpcUuid"],
        // Names need not be unique: the new droplet stands before the old one goes, if there is stock for it.
        deleteBeforeReplace: false,
      },
    );
  }

  private volume(name: string, plan: DropletPlan, { name: volumeName, size }: VolumePlan): Volume {
    const volume = new Volume(
      `${name}-data`,
      // No description: another text would mean another volume.
      { name: volumeName, size, region: plan.region, initialFilesystemType: "ext4", tags: [...plan.tags] },
      {
        parent: this,
        protect: plan.protect,
        // Only the creation names, places and formats. Names are unique within a region only, so that a second volume would
        // come up elsewhere and the first be deleted with all data: refused below.
        ignoreChanges: ["name", "region", "initialFilesystemType"],
        // The provider asks for delete-first as the name is fixed. Never for data.
        deleteBeforeReplace: false,
      },
    );
    new VolumeAttachment(
      `${name}-data-attachment`,
      {
        dropletId: this.dropletId,
        volumeId: unlessMoved(volume.id, [
          { of: `the volume of ${plan.key}`, property: "region", found: volume.region, wanted: plan.region },
          { of: `the volume of ${plan.key}`, property: "name", found: volume.name, wanted: volumeName },
        ]),
      },
      // A volume is attached to one droplet at a time; detaching loses nothing.
      { parent: this, deleteBeforeReplace: true },
    );
    return volume;
  }
}

function checks({ plan, project, alertEmails }: WebDropletArgs): ArgumentCheck[] {
  return [
    oneOf("plan.size", plan.size, DROPLET_SIZES),
    oneOf("plan.image", plan.image, DIGITALOCEAN_IMAGES),
    oneOf("plan.region", plan.region, DIGITALOCEAN_REGIONS),
    {
      argument: "plan.name",
      found: plan.name,
      ok: plan.name === plan.fqdn && plan.name.includes("."),
      allowed: `the droplet's FQDN (${plan.fqdn}), as it sets the reverse entry`,
    },
    {
      argument: "project.vpcIds",
      found: [...project.vpcIds.keys()].join(", "),
      ok: project.vpcIds.has(plan.region),
      allowed: `a project with a network in ${plan.region}`,
    },
    { argument: "alertEmails", found: 0, ok: alertEmails.length > 0, allowed: "at least one address" },
    userDataWithin(plan.userData, DIGITALOCEAN_LIMITS.userData),
    ...(plan.volume ? volumeChecks(plan.volume) : []),
  ];
}

function volumeChecks({ name, size }: VolumePlan): ArgumentCheck[] {
  return [
    between("plan.volume.size", size, DIGITALOCEAN_LIMITS.volume, "GiB"),
    {
      argument: "plan.volume.name",
      found: name,
      ok: /^[a-z][a-z0-9-]{0,63}$/.test(name),
      allowed: "at most 64 lower-case letters, digits and dashes, beginning with a letter",
    },
  ];
}
