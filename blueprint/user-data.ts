import { gzipSync } from "node:zlib";
import { DIGITALOCEAN_LIMITS } from "../model/catalogue/digitalocean.ts";
import { HETZNER_LIMITS } from "../model/catalogue/hetzner.ts";
import type { HostConfiguration, HostFile } from "../model/host-configuration.ts";
import type { Bundle } from "../roles/bundle.ts";

/** Bytes that the clouds take. */
const LIMIT = { hetzner: HETZNER_LIMITS.userData, digitalOcean: DIGITALOCEAN_LIMITS.userData } as const;

/** Bytes from which a file is worth packing. */
const WORTH_PACKING = 1024;

/**
 * What makes a host out of an image at its first boot: cloud-init (25.1 in Debian 13) lays the files of the bundle and
 * runs its command, the same two steps as converging the host later. No account is left to cloud-init, as it would only
 * make it once; no package either, as it installs them in random order.
 *
 * The text is YAML by a layout of its own, so that production needs no serializer and people can read it. Where the
 * cloud takes less than that, larger files are packed; the packed bytes may differ between builds of zlib.
 * @throws Error when the cloud would refuse it for its size even so
 */
export function userData(bundle: Bundle, configuration: HostConfiguration): string {
  const limit = LIMIT[configuration.cloud];
  const readable = cloudConfig(bundle, configuration, Number.POSITIVE_INFINITY);
  if (Buffer.byteLength(readable) <= limit) return readable;
  const packed = cloudConfig(bundle, configuration, WORTH_PACKING);
  const bytes = Buffer.byteLength(packed);
  if (bytes <= limit) return packed;
  throw new Error(
    `${configuration.host}: its user data has ${bytes} bytes, packed, and its cloud takes ${limit}.\n` +
      `  The largest files: ${largest(bundle.files)}. Ed25519 keys of admins are much shorter than RSA's.`,
  );
}

const cloudConfig = ({ files, command }: Bundle, { host, fqdn }: HostConfiguration, packFrom: number) => `#cloud-config
# ${host}: first boot. Later changes come by converging the host, not from here.
hostname: ${JSON.stringify(host)}
fqdn: ${JSON.stringify(fqdn)}
manage_etc_hosts: localhost
# Accounts are those of the base role alone: neither the image's user nor keys of the cloud.
users: []
disable_root: true
allow_public_ssh_keys: false
write_files:
${files.map((file) => fileEntry(file, packFrom)).join("")}runcmd:
- ${JSON.stringify(command)}
`;

function fileEntry({ path, mode, owner, content }: HostFile, packFrom: number): string {
  const attributes = `- path: ${path}\n  permissions: "${mode}"\n${owner === "root:root" ? "" : `  owner: ${JSON.stringify(owner)}\n`}`;
  if (Buffer.byteLength(content) >= packFrom)
    return `${attributes}  encoding: gz+b64\n  content: ${gzipSync(content, { level: 9 }).toString("base64")}\n`;
  // Bundles hold whole lines of printable text: a literal block carries them as they are, but for blank ends.
  if (/^$|^\n|\n\n$/.test(content)) return `${attributes}  content: ${JSON.stringify(content)}\n`;
  return `${attributes}  content: |2\n${content.replaceAll(/^(?=.)/gm, "    ")}`;
}

const largest = (files: readonly HostFile[]) =>
  [...files]
    .sort((a, b) => b.content.length - a.content.length)
    .slice(0, 3)
    .map(({ path, content }) => `${path} (${Buffer.byteLength(content)})`)
    .join(", ");
