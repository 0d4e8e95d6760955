import type { NeededSecret } from "../host-plan/planned-hosts.ts";
import type { SecretStore } from "./secret-store.ts";
import { filesOf } from "./shared-values.ts";
import { isNeeded, type Needs } from "./which-secret.ts";

/** What each host's services need, the values that several share, and what nobody needs; a line each. */
export function secretTable({ hosts, shared, store }: Needs & { readonly store: SecretStore }): string {
  const isThere = (need: NeededSecret) => filesOf(need).every((file) => store.has(file));
  const needed = hosts.flatMap(({ key, secrets }) => secrets.map((secret) => ({ host: key, secret })));
  const rows = needed.map(({ host, secret }) => {
    const state = isThere(secret) ? "there" : secret.awaited ? "MISSING" : "missing, not awaited yet";
    return [host, secret.service, secret.name, state, secret.what];
  });
  for (const { id, uses } of shared) {
    const what = uses.map(({ host, name, here }) => `${here} by ${host} (${name})`).join(", ");
    rows.push(["-", id.service, id.name, store.has(id) ? "there" : "MISSING", what]);
  }
  const extra = store.all().filter((secret) => !isNeeded({ hosts, shared }, secret));
  rows.push(...extra.map(({ service, name }) => ["-", service, name, "not needed", ""]));
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n") || "No service needs a secret."}\n`;
}
