import type { HostConfiguration, HostFile, RoleFiles } from "../../model/host-configuration.ts";
import { calendarExpression } from "../../model/maintenance.ts";
import { render, templates } from "../role-files.ts";
import { accountLines } from "./accounts.ts";
import { DISTRIBUTIONS } from "./distributions.ts";
import { nftables } from "./host-firewall.ts";

const FILES = templates(new URL("./files/", import.meta.url));
const SYSTEMD = "/etc/systemd/system";
const LIBRARY = "/usr/local/lib/roles";

/** GB of memory up to which a host gets swap. */
const SMALL = 4;

/**
 * What every host has: admins, SSH, firewall, upgrades and reboots, journal, metrics, volume, swap.
 * @throws Error when the configuration would lock everybody out or cannot be had from the cloud
 */
export function baseRole(configuration: HostConfiguration): RoleFiles {
  const { host, adminNetworks, maintenance, privateIp } = configuration;
  const os = DISTRIBUTIONS[configuration.distribution];
  if (adminNetworks.length === 0)
    throw new Error(`${host}: no admin networks.\n  Nobody could log in: set adminNetworks.`);
  const metrics = privateIp !== undefined && os.nodeExporter !== undefined;
  const file = (path: string, values?: Readonly<Record<string, string>>, mode?: string): HostFile =>
    render(FILES[path], values, mode);

  return {
    role: "base",
    packages: [...os.packages, ...(metrics ? [os.nodeExporter] : [])],
    files: [
      file("/usr/local/sbin/apply-roles"),
      file("/usr/local/sbin/check-roles"),
      file(`${LIBRARY}/install-packages`),
      file(`${LIBRARY}/when-changed.sh`),
      file(`${LIBRARY}/checks.sh`),
      file(`${LIBRARY}/base/before-packages`, { sudoGroup: os.sudoGroup, sshUnit: os.sshUnit }),
      file(`${LIBRARY}/base/apply`, { nftables: os.nftables, updateTimers: os.updateTimers }),
      file(`${LIBRARY}/base/check`, { sshUnit: os.sshUnit }),
      file(`${LIBRARY}/base/admins.sh`),
      generated(`${LIBRARY}/base/admins`, accountLines(configuration)),
      file("/etc/ssh/sshd_config.d/10-base.conf", { adminNetworks: adminNetworks.join(",") }),
      file("/etc/sudoers.d/90-admins", { sudoGroup: os.sudoGroup }, "0440"),
      generated(os.nftables, nftables(configuration)),
      ...os.updateFiles.map((path) => file(path)),
      file("/etc/systemd/journald.conf.d/50-limits.conf"),
      file(`${SYSTEMD}/service.d/50-report-failure.conf`),
      file(`${SYSTEMD}/report-failure@.service`),
      file(`${SYSTEMD}/report-failure@.service.d/50-report-failure.conf`),
      file(`${LIBRARY}/base/report-failure`),
      file(`${SYSTEMD}/maintenance-reboot.service`),
      file(`${SYSTEMD}/maintenance-reboot.timer`, {
        calendar: calendarExpression(maintenance),
        spread: `${maintenance.hours * 30}min`,
      }),
      file(`${LIBRARY}/base/reboot-if-needed`),
      ...(metrics
        ? [
            file("/etc/default/prometheus-node-exporter", { privateIp }),
            file(`${SYSTEMD}/prometheus-node-exporter.service.d/50-private-address.conf`),
          ]
        : []),
      ...(configuration.cloud === "digitalOcean"
        ? [file(`${SYSTEMD}/do-agent.service.d/50-metadata.conf`), file(`${LIBRARY}/base/admit-to-metadata`)]
        : []),
      ...(configuration.volume
        ? [
            file(`${SYSTEMD}/data-volume.service`, { device: volumeDevice(configuration) }),
            file(`${SYSTEMD}/srv-data.mount`),
            file(`${LIBRARY}/base/find-volume`),
          ]
        : []),
      ...(configuration.memory <= SMALL ? [file(`${SYSTEMD}/swapfile.swap`)] : []),
    ],
  };
}

const generated = (path: string, content: string): HostFile => ({ path, mode: "0644", owner: "root:root", content });

/** The link that udev makes; Hetzner's holds the volume's id, which is not known before it exists. */
function volumeDevice({ host, cloud, volumeName }: HostConfiguration): string {
  if (cloud === "hetzner") return "/dev/disk/by-id/scsi-0HC_Volume_*";
  if (volumeName === undefined || !/^[a-z][a-z0-9-]*$/.test(volumeName))
    throw new Error(
      `${host}: its volume is named ${volumeName ?? "nothing"}.\n` +
        "  DigitalOcean names the device after it: lower-case letters, digits and hyphens.",
    );
  return `/dev/disk/by-id/scsi-0DO_Volume_${volumeName}`;
}
