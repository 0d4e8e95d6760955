import { StorageBox as Box } from "@pulumi/hcloud/storageBox.js";
import * as pulumi from "@pulumi/pulumi";
import type { SshKeyPlan, StorageBoxPlan } from "../../model/blueprint.ts";
import { HETZNER_LOCATIONS, STORAGE_BOX_TYPES } from "../../model/catalogue/hetzner.ts";
import { checkArguments, oneOf } from "../check-arguments.ts";
import { unlessMoved } from "../unless-moved.ts";

/** Snapshots that the smallest box keeps (docs.hetzner.com, Storage Box, 2026). */
const SNAPSHOTS = 10;

export interface StorageBoxArgs {
  readonly plan: StorageBoxPlan;
  /** Used at the creation only; kept as a secret. */
  readonly password: pulumi.Input<string>;
  /** Keys that may log in from the beginning; hosts add theirs later. */
  readonly sshKeys: readonly SshKeyPlan[];
}

/**
 * The place of the backups: SSH is its only door. Its own snapshots stand between a host that was broken into and the
 * backups that it can reach.
 */
export class StorageBox extends pulumi.ComponentResource {
  /** Host name to back up to. */
  readonly server: pulumi.Output<string>;
  readonly username: pulumi.Output<string>;

  constructor(name: string, args: StorageBoxArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    checkArguments("StorageBox", name, [
      oneOf("plan.type", plan.type, STORAGE_BOX_TYPES),
      oneOf("plan.location", plan.location, HETZNER_LOCATIONS),
      { argument: "sshKeys", found: 0, ok: args.sshKeys.length > 0, allowed: "at least one key: logins are by key" },
    ]);
    super("foss-infra:hetzner:StorageBox", name, {}, opts);
    const box = new Box(
      `${name}-box`,
      {
        name: plan.name,
        storageBoxType: plan.type,
        location: plan.location,
        password: pulumi.secret(args.password),
        sshKeys: args.sshKeys.map((key) => key.publicKey),
        accessSettings: {
          sshEnabled: true,
          reachableExternally: plan.reachableExternally,
          sambaEnabled: false,
          webdavEnabled: false,
          zfsEnabled: false,
        },
        // Every day at noon (UTC), when the night's backups are done.
        snapshotPlan: { hour: 12, minute: 0, maxSnapshots: SNAPSHOTS },
        deleteProtection: plan.protect,
        labels: { ...plan.labels },
      },
      {
        parent: this,
        protect: plan.protect,
        // Neither password nor keys can be read back, and other keys would replace the box with all backups in it. So would
        // another location, which is refused below.
        ignoreChanges: ["password", "sshKeys", "location"],
        // Never the backups first.
        deleteBeforeReplace: false,
      },
    );
    this.server = unlessMoved(box.server, [
      { of: `the storage box ${plan.name}`, property: "location", found: box.location, wanted: plan.location },
    ]);
    this.username = box.username;
    this.registerOutputs({ server: this.server, username: this.username });
  }
}
