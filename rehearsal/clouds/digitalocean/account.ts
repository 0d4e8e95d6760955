import type { ProjectArgs, ProjectState } from "@pulumi/digitalocean/project.js";
import type { ProjectResourcesArgs, ProjectResourcesState } from "@pulumi/digitalocean/projectResources.js";
import type { SshKeyArgs, SshKeyState } from "@pulumi/digitalocean/sshKey.js";
import type { TagArgs, TagState } from "@pulumi/digitalocean/tag.js";
import { md5Fingerprint } from "../hcloud/small-resources.ts";
import { MADE_ON } from "../identifiers.ts";
import { items, text } from "../property-values.ts";
import { type Operation, resourceTable } from "../resource-table.ts";

const sshKey = resourceTable<SshKeyArgs, SshKeyState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  replacedBy: ["publicKey"],
  unique: [["publicKey"]],
  id: ({ cloud }) => String(5000 + cloud.next("sshKey")),
  rules({ object, refuse }) {
    if (!/^(ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/=]+/.test(text(object, "publicKey")))
      refuse(
        "unprocessable_entity",
        "publicKey is not an SSH public key",
        "Give it in OpenSSH form: `ssh-ed25519 AAAA… comment`.",
      );
  },
  created: ({ object }) => ({ fingerprint: md5Fingerprint(text(object, "publicKey")) }),
});

const tag = resourceTable<TagArgs, TagState>({
  kind: "sdk",
  autoName: { maximum: 255 },
  replacedBy: ["name"],
  unique: [["name"]],
  id: ({ object }) => text(object, "name"),
  check(inputs, fail) {
    const name = inputs["name"];
    if (typeof name === "string" && !/^[a-zA-Z0-9:_-]{1,255}$/.test(name))
      fail("name", `A tag has up to 255 letters, digits, ":", "-" and "_", found "${name}".`);
  },
  derived: (_object, id, cloud) => {
    const count = (type: string) =>
      cloud
        .all(type)
        .filter(([, object]) => items(object, "tags").some((used) => String(used).toLowerCase() === id.toLowerCase()))
        .length;
    const [dropletsCount, volumesCount] = [count("Droplet"), count("Volume")];
    return {
      dropletsCount,
      volumesCount,
      imagesCount: 0,
      volumeSnapshotsCount: 0,
      databasesCount: 0,
      totalResourceCount: dropletsCount + volumesCount,
    };
  },
});

const project = resourceTable<ProjectArgs, ProjectState>({
  kind: "sdk",
  missesWhenGone: true,
  autoName: { maximum: 255 },
  defaults: { purpose: "Web Application" },
  readsAs: { description: "", isDefault: false, purpose: "Web Application" },
  optionalComputed: ["resources"],
  sets: ["resources"],
  unique: [["name"]],
  check(inputs, fail) {
    for (const [property, most] of Object.entries({ name: 175, description: 255, purpose: 255 }))
      if (text(inputs, property).length > most)
        fail(property, `${property} has at most ${most} characters, found ${text(inputs, property).length}.`);
    const environment = inputs["environment"];
    if (
      typeof environment === "string" &&
      !["development", "staging", "production"].includes(environment.toLowerCase())
    )
      fail("environment", `environment is Development, Staging or Production, found "${environment}".`);
  },
  rules: refuseMissing,
  created: () => ({
    createdAt: MADE_ON,
    updatedAt: MADE_ON,
    ownerId: 1,
    ownerUuid: "00000000-0000-4000-8000-000000000001",
  }),
  derived: (object, id, cloud) => ({
    resources: [
      ...new Set([
        ...items(object, "resources"),
        ...cloud.where("ProjectResources", "project", id).flatMap(([, other]) => items(other, "resources")),
      ]),
    ],
  }),
  deleted({ object, refuse }) {
    // What it lists itself is moved to the default project first (resource_project.go, 2.99.1, 2026-08-06).
    if (object["isDefault"] === true)
      refuse("forbidden", "the default project cannot be deleted", "Make another project the default.");
  },
});

const projectResources = resourceTable<ProjectResourcesArgs, ProjectResourcesState>({
  kind: "sdk",
  replacedBy: ["project"],
  sets: ["resources"],
  references: { project: { type: "Project", onDelete: "refuse" } },
  // The provider's id is the project's, whatever the number of assignments. Objects are filed by id here, so each gets
  // one of its own.
  id: ({ object }) => [text(object, "project"), ...items(object, "resources").slice(0, 1).map(String)].join("/"),
  rules: refuseMissing,
  derived: (object, _id, cloud) => ({
    resources: items(object, "resources").filter((urn) => ofUrn(String(urn), cloud) !== "gone"),
  }),
});

const URN_TYPES: Readonly<Record<string, string>> = {
  droplet: "Droplet",
  volume: "Volume",
  reservedip: "ReservedIp",
  space: "SpacesBucket",
  vpc: "Vpc",
};

function ofUrn(urn: string, cloud: Operation["cloud"]): "known" | "gone" | "strange" {
  const [scheme, kind = "", ...id] = urn.split(":");
  const type = URN_TYPES[kind];
  if (scheme !== "do" || type === undefined) return "strange";
  return cloud.get(type, id.join(":")) === undefined ? "gone" : "known";
}

function refuseMissing({ object, cloud, refuse }: Operation): void {
  for (const urn of items(object, "resources").map(String)) {
    const found = ofUrn(urn, cloud);
    if (found === "strange")
      refuse(
        "unprocessable_entity",
        `"${urn}" is no resource name`,
        "Take the output dropletUrn, volumeUrn, reservedIpUrn or bucketUrn.",
      );
    if (found === "gone")
      refuse("not_found", `resources names ${urn}, which does not exist`, "Refer to a resource of this account.");
  }
}

export const accountTables = { Project: project, ProjectResources: projectResources, SshKey: sshKey, Tag: tag };
