import type { CachePolicy } from "../../model/cache-policy.ts";

/**
 * Endings of what a build makes once for a release: images, SDK, ImageBuilder, toolchain. What is not named here is
 * served, but not kept: a forgotten ending costs traffic, never a stale file.
 */
const IMAGES = [
  ...[".bin", ".img", ".img.gz", ".img.xz", ".img.bz2", ".itb", ".fit", ".ubi", ".trx", ".chk", ".dlf", ".dtb"],
  ...[".elf", ".uimage", ".iso", ".vdi", ".vmdk", ".vmdk.gz", ".vhdx", ".qcow2", ".squashfs", ".cpio", ".cpio.gz"],
  ...[".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"],
];

/** Endings of source archives. */
const ARCHIVES = [
  ".tar.gz",
  ".tgz",
  ".tar.bz2",
  ".tbz2",
  ".tar.xz",
  ".txz",
  ".tar.zst",
  ".tar.lz",
  ".tar.lzma",
  ".zip",
];

/**
 * What the CDN may keep of a firmware project's downloads. Only the files of a numbered release under `targets/` never
 * change; packages are rebuilt in place, and an index that is older or younger than what it lists breaks installations
 * (openwrt/packages#10560, openwrt/openwrt#16511). So what may be kept is named, and all else goes to the origin.
 * Files of more than 512 MB pass through: the CDN does not keep them.
 */
export const downloadCachePolicy = (names: {
  /** Names of the source archives, which are addressed by file name and never change under one. */
  readonly sources: readonly string[];
}): CachePolicy => ({
  classes: [
    {
      // What is left encoded after the CDN's normalisation, such as a slash, would hide a folder from the rules below.
      id: "encoded",
      what: "paths with percent-encoded characters",
      paths: [{ contains: ["%"] }],
      caching: "bypass",
    },
    {
      // Always fetched together, and so never apart from the files that they speak of.
      id: "indexes",
      what: "indexes, checksums and signatures",
      paths: [
        {
          contains: [
            ...["/Packages", "/packages.adb", "/APKINDEX", "/sha256sums", "/md5sums"],
            ...["/profiles.json", "/index.json", "/index.html", "/.versions.json", "/.targets.json"],
          ],
        },
        { suffix: ["/", ".sig", ".asc", ".sha256", ".md5"] },
      ],
      caching: "bypass",
    },
    {
      id: "packages",
      what: "packages and kernel modules, rebuilt in place",
      paths: [{ contains: ["/packages/", "/packages-", "/kmods/"] }],
      caching: "bypass",
    },
    {
      id: "development",
      what: "development builds and fail logs",
      paths: [{ prefix: ["/snapshots/"] }, { contains: ["-SNAPSHOT/", "/faillogs"] }],
      caching: "bypass",
    },
    {
      id: "releases",
      what: "images, SDK and ImageBuilder of numbered releases and their candidates",
      // Year, month and number: neither an alias such as /releases/24.10/ nor /releases/24.10-SNAPSHOT/.
      paths: [{ prefix: ["/releases/##.##.#"], contains: ["/targets/"], suffix: IMAGES }],
      caching: "immutable",
    },
    {
      id: "sources",
      what: "source archives",
      hosts: names.sources,
      paths: [{ suffix: ARCHIVES }],
      caching: "immutable",
    },
  ],
  otherwise: "bypass",
});
