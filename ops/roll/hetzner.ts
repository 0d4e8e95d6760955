import * as z from "zod";
import { EXIT, Refusal } from "../refusal.ts";
import type { ActionState, NewSystem, RollingCloud } from "./rolling-cloud.ts";
import type { WritingApi } from "./writing-api.ts";

/**
 * Rolling a server of Hetzner Cloud. Its rebuild takes the image and, since 2025, the user data (API description of
 * 2026-02-20); addresses, networks, firewall and volumes stay with the server.
 * @param pause between two looks at a running action
 */
export function hetznerRolling(
  api: WritingApi,
  { name, image, userData }: NewSystem,
  pause: () => Promise<void>,
): RollingCloud {
  const state = async (action: number): Promise<ActionState> => {
    const { status, error } = (await api.get(`/actions/${action}`, z.object({ action: ACTION }))).action;
    if (status === "error") return { failed: error?.message ?? "no reason given" };
    return status === "success" ? "done" : "running";
  };
  const server = async () => {
    const { servers } = await api.get(
      `/servers?name=${encodeURIComponent(name)}`,
      z.object({ servers: z.array(SERVER) }),
    );
    const [found, second] = servers;
    if (found && !second) return found;
    throw new Refusal(
      EXIT.failed,
      `Hetzner Cloud has ${servers.length} servers called ${name}.\n  Exactly one is needed: is HCLOUD_TOKEN the token of the right project?`,
    );
  };
  const actions = async (machine: number) =>
    (await api.get(`/servers/${machine}/actions?sort=id:desc&per_page=50`, z.object({ actions: z.array(ACTION) })))
      .actions;
  return {
    cloud: "Hetzner Cloud",
    firstBoot: "the user data of today's estate",
    machine: async () => {
      const { id, image, protection, locked } = await server();
      return {
        id,
        name,
        image: image?.name ?? undefined,
        guarded: protection.rebuild || protection.delete,
        busy: locked,
      };
    },
    checkImage: async () => {
      const { architecture } = (await server()).server_type;
      const query = `name=${encodeURIComponent(image)}&architecture=${architecture}&type=system&include_deprecated=true`;
      const [found] = (await api.get(`/images?${query}`, z.object({ images: z.array(IMAGE) }))).images;
      if (found?.status === "available" && found.deprecated === null) return;
      throw new Refusal(
        EXIT.failed,
        `Hetzner Cloud ${found ? `gives up ${image} (${found.deprecated ?? found.status})` : `has no image ${image} for ${architecture}`}.\n  Choose another one: the host's image in the estate.`,
      );
    },
    guard: async (machine, on) => {
      // The cloud takes both or none.
      const body = { delete: on, rebuild: on };
      const { action } = await api.post(
        `/servers/${machine}/actions/change_protection`,
        body,
        z.object({ action: ACTION }),
      );
      for (let now = await state(action.id); now !== "done"; now = await state(action.id)) {
        if (now !== "running")
          throw new Refusal(EXIT.failed, `Hetzner Cloud did not change the protection of ${name}: ${now.failed}.`);
        await pause();
      }
    },
    newestAction: async (machine) => Math.max(0, ...(await actions(machine)).map(({ id }) => id)),
    rebuild: async (machine) => {
      const body = { image, user_data: userData };
      // The answer also holds a root password where no key was given; nobody needs it.
      return (await api.post(`/servers/${machine}/actions/rebuild`, body, z.object({ action: ACTION }))).action.id;
    },
    rebuildAfter: async (machine, action) =>
      (await actions(machine)).find(({ id, command }) => id > action && command === "rebuild_server")?.id,
    state: (_, action) => state(action),
  };
}

const ACTION = z.object({
  id: z.number(),
  command: z.string(),
  status: z.enum(["running", "success", "error"]),
  error: z.object({ message: z.string() }).nullable(),
});

const SERVER = z.object({
  id: z.number(),
  image: z.object({ name: z.string().nullable() }).nullable(),
  server_type: z.object({ architecture: z.string() }),
  protection: z.object({ delete: z.boolean(), rebuild: z.boolean() }),
  locked: z.boolean(),
});

const IMAGE = z.object({ status: z.string(), deprecated: z.string().nullable() });
