import * as pulumi from "@pulumi/pulumi";

/**
 * The id of a resource as a number: ids are text, while references between resources of hcloud and to droplets take
 * numbers. Unknown in a preview of its creation.
 */
export function numericId(resource: pulumi.CustomResource): pulumi.Output<number> {
  return resource.id.apply((id) => {
    const number = Number(id);
    if (!/^\d+$/.test(id) || !Number.isSafeInteger(number))
      throw new pulumi.RunError(`The cloud gave the id "${id}" to a resource.\n  Expected: a whole number.`);
    return number;
  });
}
