import * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";
import type { NewSystem, RollingCloud } from "./rolling-cloud.ts";
import type { WritingApi } from "./writing-api.ts";

/**
 * Rolling a droplet. The rebuild takes the image alone: the droplet keeps the user data of its creation (API description
 * of 2026-08-07), so converging afterwards is what brings today's configuration. Droplets have no guard of the cloud.
 */
export function digitalOceanRolling(api: WritingApi, { name, image }: NewSystem): RollingCloud {
  const droplet = async () => {
    const path = `/v2/droplets?name=${encodeURIComponent(name)}&per_page=200`;
    const found = (await api.get(path, z.object({ droplets: z.array(DROPLET) }))).droplets;
    // The name filters case-insensitively.
    const [first, second] = found.filter((each) => each.name === name);
    if (first && !second) return first;
    throw new Refusal(
      EXIT.failed,
      `DigitalOcean has ${found.length} droplets called ${name}.\n  Exactly one is needed: is DIGITALOCEAN_TOKEN the token of the right team?`,
    );
  };
  const actions = async (machine: number) =>
    (await api.get(`/v2/droplets/${machine}/actions?per_page=50`, z.object({ actions: z.array(ACTION) }))).actions;
  return {
    cloud: "DigitalOcean",
    firstBoot: "the user data of the droplet's creation, as this cloud takes no other; then today's by converging",
    machine: async () => {
      const { id, image, locked } = await droplet();
      return { id, name, image: image?.slug ?? undefined, guarded: false, busy: locked };
    },
    checkImage: async () => {
      const region = (await droplet()).region.slug;
      const found = (await api.get(`/v2/images/${encodeURIComponent(image)}`, z.object({ image: IMAGE }))).image;
      if (found.status === "available" && found.regions.includes(region)) return;
      throw new Refusal(
        EXIT.failed,
        `DigitalOcean's image ${image} is ${found.status}${found.regions.includes(region) ? "" : `, and not to be had in ${region}`}.\n  Choose another one: the host's image in the estate.`,
      );
    },
    guard: async () => {},
    newestAction: async (machine) => Math.max(0, ...(await actions(machine)).map(({ id }) => id)),
    rebuild: async (machine) =>
      (await api.post(`/v2/droplets/${machine}/actions`, { type: "rebuild", image }, z.object({ action: ACTION })))
        .action.id,
    rebuildAfter: async (machine, action) =>
      (await actions(machine)).find(({ id, type }) => id > action && type === "rebuild")?.id,
    state: async (machine, action) => {
      const path = `/v2/droplets/${machine}/actions/${action}`;
      const { status } = (await api.get(path, z.object({ action: ACTION }))).action;
      if (status === "errored") return { failed: "it gives no reason; the console may show one" };
      return status === "completed" ? "done" : "running";
    },
  };
}

const ACTION = z.object({
  id: z.number(),
  type: z.string(),
  status: z.enum(["in-progress", "completed", "errored"]),
});

const DROPLET = z.object({
  id: z.number(),
  name: z.string(),
  locked: z.boolean(),
  region: z.object({ slug: z.string() }),
  image: z.object({ slug: z.string().nullish() }).nullish(),
});

const IMAGE = z.object({ status: z.string(), regions: z.array(z.string()) });
