import { describe, expect, test } from "vitest";
import { openwrt } from "../../../estates/openwrt.ts";
import { type Branch, branchFolders, branchUrls, releaseTags } from "../../../roles/buildbot-master/branch.ts";

const branch = (name: string, more: Partial<Branch> = {}): Branch => ({
  name,
  path: name,
  git: name,
  failLogs: true,
  frozen: false,
  targets: { "x86/64": "x86_64" },
  ...more,
});

/** The table of the project's infrastructure page: images, packages, fail logs, image downloads. */
const TABLE = [
  [
    "https://buildbot.openwrt.org/master/images/",
    "https://buildbot.openwrt.org/master/packages/",
    "https://downloads.openwrt.org/snapshots/faillogs/",
    "https://downloads.openwrt.org/snapshots/targets/",
  ],
  [
    "https://buildbot.openwrt.org/openwrt-19.07/images/",
    "https://buildbot.openwrt.org/openwrt-19.07/packages/",
    "https://downloads.openwrt.org/releases/faillogs-19.07/",
    "https://downloads.openwrt.org/releases/19.07-SNAPSHOT/targets/",
  ],
  [
    "https://buildbot.openwrt.org/openwrt-18.06/images/",
    "https://buildbot.openwrt.org/openwrt-18.06/packages/",
    "https://downloads.openwrt.org/releases/faillogs-18.06/",
    "https://downloads.openwrt.org/releases/18.06-SNAPSHOT/targets/",
  ],
  [
    "http://release-builds.openwrt.org/17.01/images/",
    "http://release-builds.openwrt.org/17.01/packages/",
    "https://downloads.openwrt.org/releases/17.01-SNAPSHOT/targets/",
  ],
];

describe("branches", () => {
  test("have the URLs that people know, in the estate with a public table of them", () => {
    const [home, ...urls] = openwrt.services["buildbot"]!.urls.map(({ url }) => url);
    expect(home).toBe("https://buildbot.openwrt.org/");
    expect(urls).toEqual(TABLE.flat());
  });

  test("publish where their URLs point", () => {
    for (const each of [branch("master"), branch("19.07")]) {
      const { tree, targets, failLogs } = branchFolders(each);
      const urls = branchUrls(each, { web: "builds.example.org", downloads: "dl.example.org" });
      expect(urls.downloads).toBe(`https://dl.example.org/${tree}/${targets}/`);
      expect(urls.failLogs).toBe(`https://dl.example.org/${tree}/${failLogs}/`);
    }
  });

  test("without fail logs have neither a folder nor a URL for them", () => {
    const without = branch("17.01", { failLogs: false });
    expect(branchFolders(without).failLogs).toBeNull();
    expect(branchUrls(without, { web: "a.example.org", downloads: "b.example.org" }).failLogs).toBeUndefined();
  });

  test("are released by tags of their own version alone", () => {
    const tags = new RegExp(`^${releaseTags(branch("19.07"))}$`);
    expect(["v19.07.0", "v19.07.10", "v19.07.1-rc2"].filter((tag) => !tags.test(tag))).toEqual([]);
    expect(["v19.07", "v19x07.1", "v18.06.1", "v19.07.1-beta", "x19.07.1"].filter((tag) => tags.test(tag))).toEqual([]);
    expect(releaseTags(branch("master"))).toBeNull();
  });
});
