import { type HostHealth, shownCheck } from "./host-health.ts";

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

/** A line for each host; below, why some could not be asked, what is wrong with others, and what to do. */
export function statusTable(hosts: readonly HostStatus[]): string {
  const rows = [["host", "configuration", "reboot", "checks", "disks"], ...hosts.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
  const behind = hosts.filter(({ state }) => state === "behind" || state === "unfinished").map(({ host }) => host);
  const lines = [
    ...table.map((line) => line.trimEnd()),
    ...hosts.flatMap((host) => (host.state === "unreachable" ? [host.why] : notable(host))),
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
    checksCell(host),
    host.disks.map(({ mount, percent }) => `${mount} ${percent} %`).join(", ") || "-",
  ];
}

function checksCell({ checks }: HostHealth): string {
  const failed = checks.filter(({ outcome }) => outcome === "failed").length;
  const all = checks.filter(({ outcome }) => outcome !== "note").length;
  return all === 0 ? "-" : failed === 0 ? `${all} hold` : `${failed} of ${all} failed`;
}

const notable = ({ host, checks }: HostHealth & { readonly host: string }): string[] =>
  checks.filter(({ outcome }) => outcome !== "ok").map((check) => `${host}: ${shownCheck(check)}`);
