import { describe, expect, test } from "vitest";
import type { HostFile } from "../../model/host-configuration.ts";
import { bundleOf, hostBundle } from "../../roles/bundle.ts";
import { render } from "../../roles/role-files.ts";
import { server } from "./base/configurations.ts";

const file = (path: string, content = "x\n", mode = "0644"): HostFile => ({ path, mode, owner: "root:root", content });
const role = (name: string, ...files: HostFile[]) => ({
  role: name,
  packages: [`package-of-${name}`, "hello"],
  files: [file(`/usr/local/lib/roles/${name}/apply`, "#!/bin/sh\n", "0755"), ...files],
});

describe("bundle", () => {
  test("its digest tells any change of content, mode, owner, package or order, and nothing else", () => {
    const digests = [
      bundleOf([role("a", file("/etc/a"))]),
      bundleOf([role("a", file("/etc/a", "y\n"))]),
      bundleOf([role("a", file("/etc/a", "x\n", "0600"))]),
      bundleOf([role("a", { ...file("/etc/a"), owner: "root:adm" })]),
      bundleOf([{ ...role("a", file("/etc/a")), packages: ["hello"] }]),
      bundleOf([role("a"), role("b")]),
      bundleOf([role("b"), role("a")]),
    ].map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests.every((digest) => /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true);
    expect(bundleOf([role("a", file("/etc/b"), file("/etc/a"))]).digest).toBe(
      bundleOf([role("a", file("/etc/a"), file("/etc/b"))]).digest,
    );
  });

  test("lists every file that it brings, so that a host can remove those that are gone", () => {
    const { files } = hostBundle(server);
    const manifest = files.find(({ path }) => path === "/usr/local/lib/roles/manifest");
    expect(manifest?.content.trim().split("\n")).toEqual(files.map(({ path }) => path));
  });

  test("applies roles in their order and installs each package once", () => {
    const { files, packages } = bundleOf([role("b"), role("a")]);
    expect(files.find(({ path }) => path === "/usr/local/lib/roles/roles")?.content).toBe("b\na\n");
    expect(packages).toEqual(["hello", "package-of-a", "package-of-b"]);
  });

  test("refuses one path from two roles", () => {
    expect(() => bundleOf([role("a", file("/etc/x")), role("b", file("/etc/x"))])).toThrow(/^\/etc\/x: two roles/);
  });

  test("refuses a role without a script", () => {
    expect(() => bundleOf([{ role: "a", packages: [], files: [] }])).toThrow(/^The role a has no script/);
  });

  test.each([
    [file("relative"), /no path/],
    [file("/etc/../x y"), /no path/],
    [file("/etc/x", "no end"), /its last line/],
    [file("/etc/x", "bell\u0007\n"), /it holds/],
    [file("/etc/x", "cr\r\n"), /it holds/],
    [file("/etc/x", "x\n", "644"), /mode 644/],
  ])("refuses a file that user data cannot carry (%#)", (bad, message) => {
    expect(() => bundleOf([role("a", bad)])).toThrow(message);
  });
});

describe("template", () => {
  const template = { path: "/etc/x", content: "{{name}} $HOME {{name}}\n" };
  test("has its names replaced and all else left alone", () => {
    expect(render(template, { name: "$&" })).toEqual(file("/etc/x", "$& $HOME $&\n"));
  });
  test("refuses a name without a value, a value without a name, and a file that is not there", () => {
    expect(() => render(template)).toThrow("/etc/x: {{name}} has no value");
    expect(() => render(template, { name: "a", other: "b" })).toThrow("/etc/x: there is no {{other}}");
    expect(() => render(undefined)).toThrow("no such file");
  });
});
