import { HETZNER_LOCATIONS, HETZNER_SERVER_TYPES, type ServerType } from "../../../model/catalogue/hetzner.ts";
import { HETZNER_ELSEWHERE, HETZNER_SYSTEM_IMAGES } from "../../../model/catalogue/hetzner-limits.ts";
import { items, text } from "../property-values.ts";
import type { Operation } from "../resource-table.ts";

/** Refuses a location that does not exist. */
export function refuseLocation({ object, refuse }: Operation): void {
  const location = text(object, "location");
  if (!Object.hasOwn(HETZNER_LOCATIONS, location))
    refuse(
      "invalid_input",
      `there is no location "${location}"`,
      `Choose one of ${Object.keys(HETZNER_LOCATIONS).join(", ")}.`,
    );
}

/** The server type of the object; refuses one that does not exist or cannot be ordered at its location. */
export function orderableType({ object, cloud, refuse }: Operation): ServerType {
  const [name, location] = [text(object, "serverType"), text(object, "location")];
  const types: Readonly<Record<string, ServerType>> = HETZNER_SERVER_TYPES;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const elsewhere = HETZNER_ELSEWHERE[name];
  if (elsewhere !== undefined)
    return refuse(
      "unsupported_location",
      `server type "${name}" is offered only in ${elsewhere.join(", ")}, not in ${location}`,
      "Choose another type or location.",
    );
  if (type === undefined)
    return refuse(
      "invalid_input",
      `there is no server type "${name}"`,
      `Choose one of ${Object.keys(types).join(", ")}.`,
    );
  if (items(cloud.setting("outOfStock"), location).includes(name))
    refuse(
      "resource_unavailable",
      `server type "${name}" is out of stock in ${location}`,
      "Try again later, or choose another type or location.",
    );
  return type;
}

/** Refuses an image that is neither a system image nor a snapshot of the project. */
export function refuseImage({ object, cloud, refuse }: Operation): void {
  const image = text(object, "image");
  if (image === "")
    refuse("invalid_input", "image is missing", "A server needs an image unless it is made from an ISO.");
  if (!HETZNER_SYSTEM_IMAGES.includes(image) && cloud.get("Snapshot", image) === undefined)
    refuse(
      "invalid_input",
      `there is no image "${image}"`,
      `Choose one of ${HETZNER_SYSTEM_IMAGES.join(", ")}, or the id of a Snapshot.`,
    );
}
