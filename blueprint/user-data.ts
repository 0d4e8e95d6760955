import { gzipSync } from "node:zlib";
import { DIGITALOCEAN_LIMITS } from "../model/catalogue/digitalocean.ts";
import { HETZNER_LIMITS } from "../model/catalogue/hetzner.ts";
import type { HostConfiguration, HostFile } from "../model/host-configuration.ts";
import type { Bundle } from "../roles/bundle.ts";

/** Bytes that the clouds take. */
const LIMIT = { hetzner: HETZNER_LIMITS.userData, digitalOcean: DIGITALOCEAN_LIMITS.userData } as const;

/**
 * What makes a host out of an image at its first boot: cloud-init (25.1 in Debian 13) lays the files of the bundle and
 * runs its command, the same two steps as converging the host later. No account is left to cloud-init, as it would only
 * make it once; no package either, as it installs them in random order.
 *
 * The text is YAML by a layout of its own, so that production needs no serializer and people can read it. Where the
 * cloud takes less than that, all files are packed into one script; its bytes may differ between builds of zlib.
 * @throws Error when the cloud would refuse it for its size even so
 */
export function userData(bundle: Bundle, configuration: HostConfiguration): string {
  const text = renderedUserData(bundle, configuration);
  const limit = LIMIT[configuration.cloud];
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return text;
  throw new Error(
    `${configuration.host}: its user data has ${bytes} bytes, packed, and its cloud takes ${limit}.\n` +
      `  The largest files: ${largest(bundle.files)}. Ed25519 keys of admins are much shorter than RSA's.`,
  );
}

/**
 * The user data of a host with all its roles or, where its cloud takes less than that, of its base alone. The other
 * roles then come with the first converge, which brings the secrets that their services wait for in any case; until
 * then the host's digest says that it is behind.
 */
export function firstUserData(bundle: Bundle, base: Bundle, configuration: HostConfiguration): string {
  const whole = renderedUserData(bundle, configuration);
  return Buffer.byteLength(whole) <= LIMIT[configuration.cloud] ? whole : userData(base, configuration);
}

/** Readable where it fits, else packed. */
function renderedUserData(bundle: Bundle, configuration: HostConfiguration): string {
  const readable = cloudConfig(configuration, bundle.files.map(fileEntry), [bundle.command]);
  if (Buffer.byteLength(readable) <= LIMIT[configuration.cloud]) return readable;
  return cloudConfig(configuration, [packedEntry(bundle)], [["sh", UNPACK], bundle.command]);
}

const cloudConfig = (
  { host, fqdn }: HostConfiguration,
  entries: readonly string[],
  commands: readonly (readonly string[])[],
) => `#cloud-config
# ${host}: first boot. Later changes come by converging the host, not from here.
hostname: ${JSON.stringify(host)}
fqdn: ${JSON.stringify(fqdn)}
manage_etc_hosts: localhost
# Accounts are those of the base role alone: neither the image's user nor keys of the cloud.
users: []
disable_root: true
allow_public_ssh_keys: false
write_files:
${entries.join("")}runcmd:
${commands.map((command) => `- ${JSON.stringify(command)}\n`).join("")}`;

function fileEntry({ path, mode, owner, content }: HostFile): string {
  const attributes = `- path: ${path}\n  permissions: "${mode}"\n${owner === "root:root" ? "" : `  owner: ${JSON.stringify(owner)}\n`}`;
  // Bundles hold whole lines of printable text: a literal block carries them as they are, but for blank ends.
  if (/^$|^\n|\n\n$/.test(content)) return `${attributes}  content: ${JSON.stringify(content)}\n`;
  return `${attributes}  content: |2\n${content.replaceAll(/^(?=.)/gm, "    ")}`;
}

/** Gone with the first reboot. */
const UNPACK = "/run/unpack-bundle";

/** Many small files are packed three times as tight as one text than each alone. */
function packedEntry({ files, digest }: Bundle): string {
  // No file can hold its own digest.
  const end = `end-of-file-${digest.slice("sha256:".length, 20)}`;
  const script = `set -eu
put() {
  mkdir -p "\${3%/*}"
  cat >"$3"
  chmod "$1" "$3"
  chown "$2" "$3"
}
${files.map(({ path, mode, owner, content }) => `put ${mode} ${owner} ${path} <<'${end}'\n${content}${end}\n`).join("")}`;
  const packed = gzipSync(script, { level: 9 }).toString("base64");
  return `- path: ${UNPACK}\n  permissions: "0600"\n  encoding: gz+b64\n  content: ${packed}\n`;
}

const largest = (files: readonly HostFile[]) =>
  [...files]
    .sort((a, b) => b.content.length - a.content.length)
    .slice(0, 3)
    .map(({ path, content }) => `${path} (${Buffer.byteLength(content)})`)
    .join(", ");
