import type { HostHealth } from "./host-health.ts";

/** A host as `--json` prints it. */
export type HostStatus =
  | ({
      readonly host: string;
      readonly state: "current" | "behind" | "unfinished";
      /** Digest of the configuration that it should have. */
      readonly planned: string;
    } & HostHealth)
  | {
      readonly host: string;
      readonly state: "unreachable";
      readonly planned: string;
      readonly why: string;
    };

/** A line for each host; below, why some could not be asked and what to do about the others. */
export function statusTable(hosts: readonly HostStatus[]): string {
  const rows = [["host", "configuration", "reboot", "failed units", "disks"], ...hosts.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
  const behind = hosts.filter(({ state }) => state === "behind" || state === "unfinished").map(({ host }) => host);
  const lines = [
    ...table.map((line) => line.trimEnd()),
    ...hosts.flatMap((host) => (host.state === "unreachable" ? [host.why] : [])),
    ...(behind.length > 0 ? [`To bring up to date: npm run ops -- converge ${behind.join(" ")}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function cells(host: HostStatus): string[] {
  if (host.state === "unreachable") return [host.host, host.state, "-", "-", "-"];
  const { digest } = host;
  const has = host.state === "behind" && digest !== undefined ? ` (${digest.replace("sha256:", "").slice(0, 12)})` : "";
  return [
    host.host,
    `${host.state}${has}`,
    host.reboot ? "pending" : "-",
    host.failedUnits.join(" ") || "-",
    host.disks.map(({ mount, percent }) => `${mount} ${percent} %`).join(", ") || "-",
  ];
}
