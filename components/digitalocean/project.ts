import { Project } from "@pulumi/digitalocean/project.js";
import { SshKey } from "@pulumi/digitalocean/sshKey.js";
import { Vpc } from "@pulumi/digitalocean/vpc.js";
import * as pulumi from "@pulumi/pulumi";
import type { DigitalOceanPlan, SshKeyPlan } from "../../model/blueprint.ts";
import { DIGITALOCEAN_REGIONS } from "../../model/catalogue/digitalocean.ts";
import { checkArguments, oneOf } from "../check-arguments.ts";

export interface DigitalOceanProjectArgs {
  /** The project and the networks to make. Without droplets the keys are not made. */
  readonly plan: DigitalOceanPlan;
  /** Keys that new droplets trust. */
  readonly sshKeys: readonly SshKeyPlan[];
}

/** What the droplets share: the project that lists them in the console, one network per region and SSH keys. */
export class DigitalOceanProject extends pulumi.ComponentResource {
  /** Undefined when the plan has no project. */
  readonly projectId: pulumi.Output<string> | undefined;
  /** Ids of the VPCs by region. */
  readonly vpcIds: ReadonlyMap<string, pulumi.Output<string>>;
  readonly sshKeyIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: DigitalOceanProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, sshKeys } = args;
    const regions = plan.vpcs.map(({ region }) => region);
    checkArguments("DigitalOceanProject", name, [
      ...regions.map((region, index) => oneOf(`plan.vpcs[${index}].region`, region, DIGITALOCEAN_REGIONS)),
      {
        argument: "plan.vpcs",
        found: regions.join(", "),
        ok: new Set(regions).size === regions.length,
        allowed: "one network per region",
      },
    ]);
    super("foss-infra:digitalocean:Project", name, {}, opts);
    const parent = { parent: this };

    this.projectId =
      plan.project &&
      new Project(
        `${name}-project`,
        {
          name: plan.project.name,
          description: plan.project.description,
          purpose: "Web Application",
          environment: "Production",
        },
        parent,
      ).id;
    this.vpcIds = new Map(
      plan.vpcs.map((vpc) => [
        vpc.region,
        new Vpc(
          `${name}-vpc-${vpc.key}`,
          { name: vpc.name, region: vpc.region, ipRange: vpc.ipRange },
          // The provider asks for delete-first as the name is fixed, and that would take the droplets along: another
          // network means other droplets. So it fails on the name instead.
          { ...parent, deleteBeforeReplace: false },
        ).id,
      ]),
    );
    this.sshKeyIds = (plan.droplets.length > 0 ? sshKeys : []).map(
      (key) =>
        new SshKey(
          `${name}-key-${key.key}`,
          { name: key.name, publicKey: key.publicKey },
          // Names need not be unique here. Deleting the old key first would make the engine ask what the droplets do
          // about it, without their ignoreChanges, and replace them (step_generator.go, 2026-08).
          { ...parent, deleteBeforeReplace: false },
        ).id,
    );
    this.registerOutputs({ projectId: this.projectId });
  }
}
