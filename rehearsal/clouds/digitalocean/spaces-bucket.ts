import type { SpacesBucketArgs, SpacesBucketState } from "@pulumi/digitalocean/spacesBucket.js";
import { SPACES_REGIONS } from "../../../model/catalogue/digitalocean-limits.ts";
import { text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

export const spacesBucket = resourceTable<SpacesBucketArgs, SpacesBucketState>({
  kind: "sdk",
  autoName: { lowerCase: true, maximum: 63 },
  defaults: { acl: "private", region: "nyc3" },
  readsAs: { acl: "private", forceDestroy: false, region: "nyc3" },
  nestedComputed: ["id"],
  replacedBy: ["region"],
  blind: ["acl", "forceDestroy"],
  unique: [["name"]],
  importPath: ["region", "id"],
  id: ({ object }) => text(object, "name"),
  check(inputs, fail) {
    const region = inputs["region"];
    if (typeof region === "string" && !SPACES_REGIONS.includes(region))
      fail("region", `region is one of ${SPACES_REGIONS.join(", ")}, found "${region}".`);
  },
  rules({ object, refuse }) {
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text(object, "name")))
      refuse(
        "InvalidBucketName",
        `"${text(object, "name")}" is not a name for a bucket`,
        "Use 3 to 63 lower-case letters, digits and hyphens.",
      );
  },
  derived: (object, id) => ({
    bucketDomainName: `${id}.${text(object, "region")}.digitaloceanspaces.com`,
    bucketUrn: `do:space:${id}`,
    endpoint: `${text(object, "region")}.digitaloceanspaces.com`,
  }),
});
