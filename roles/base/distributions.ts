import type { HostConfiguration } from "../../model/host-configuration.ts";

/** Where the families of images differ. */
interface Distribution {
  readonly packages: readonly string[];
  /** Undefined: the distribution does not package it, and the host has no metrics. */
  readonly nodeExporter: string | undefined;
  /** Group whose members may become root. */
  readonly sudoGroup: string;
  readonly sshUnit: string;
  /** The file that nftables.service loads. */
  readonly nftables: string;
  readonly updateFiles: readonly string[];
  readonly updateTimers: string;
}

export const DISTRIBUTIONS: Readonly<Record<HostConfiguration["distribution"], Distribution>> = {
  debian: {
    packages: [
      "ca-certificates",
      "e2fsprogs",
      "nftables",
      "openssh-server",
      "procps",
      "sudo",
      "systemd-timesyncd",
      "unattended-upgrades",
    ],
    nodeExporter: "prometheus-node-exporter",
    sudoGroup: "sudo",
    sshUnit: "ssh.service",
    nftables: "/etc/nftables.conf",
    updateFiles: ["/etc/apt/apt.conf.d/50no-recommends", "/etc/apt/apt.conf.d/52unattended-upgrades-local"],
    updateTimers: "apt-daily.timer apt-daily-upgrade.timer",
  },
  // Stream 10. Its node exporter is in EPEL only.
  centos: {
    packages: [
      "ca-certificates",
      "chrony",
      "dnf-automatic",
      "dnf-plugins-core",
      "e2fsprogs",
      "nftables",
      "openssh-server",
      "procps-ng",
      "sudo",
    ],
    nodeExporter: undefined,
    sudoGroup: "wheel",
    sshUnit: "sshd.service",
    nftables: "/etc/sysconfig/nftables.conf",
    updateFiles: ["/etc/dnf/automatic.conf"],
    updateTimers: "dnf-automatic.timer",
  },
};
