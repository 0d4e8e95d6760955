import { DIGITALOCEAN_REGIONS, DROPLET_SIZES, type DropletSize } from "../../../model/catalogue/digitalocean.ts";
import { items, text } from "../property-values.ts";
import type { Operation } from "../resource-table.ts";

const SIZES: Readonly<Record<string, DropletSize>> = DROPLET_SIZES;

/** Refuses a region that does not exist. */
export function refuseRegion({ object, refuse }: Operation): void {
  const region = text(object, "region");
  if (!Object.hasOwn(DIGITALOCEAN_REGIONS, region))
    refuse(
      "unprocessable_entity",
      `there is no region "${region}"`,
      `Choose one of ${Object.keys(DIGITALOCEAN_REGIONS).join(", ")}.`,
    );
}

/** The size of the droplet; refuses one that does not exist or is not to be had in the region. */
export function orderableSize({ object, cloud, refuse }: Operation): DropletSize {
  const [name, region] = [text(object, "size"), text(object, "region")];
  const size = Object.hasOwn(SIZES, name) ? SIZES[name] : undefined;
  if (size === undefined)
    return refuse(
      "unprocessable_entity",
      `there is no size "${name}"`,
      `Choose one of ${Object.keys(SIZES).join(", ")}.`,
    );
  if (items(cloud.setting("outOfStock"), region).includes(name))
    refuse("unprocessable_entity", `size "${name}" is not available in ${region}`, "Choose another size or region.");
  return size;
}
