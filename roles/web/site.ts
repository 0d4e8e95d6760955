import type { HostFile, RoleFiles } from "../../model/host-configuration.ts";

const SITES = "/etc/nginx/sites";

/** What a name of a service answers: nginx directives inside the server block of that name. */
export const site = (name: string, role: string, directives: readonly string[]): HostFile => ({
  path: `${SITES}/${name}/${role}.conf`,
  mode: "0644",
  owner: "root:root",
  content: directives.map((directive) => `${directive}\n`).join(""),
});

/** Whether a role needs the web server of its host. */
export const hasSites = ({ files }: RoleFiles): boolean => files.some(({ path }) => path.startsWith(`${SITES}/`));
