import { describe, expect, it } from "vitest";
import type { StepOf } from "../preview-of.ts";
import { found, risks } from "./found.ts";

describe("other sizes of a host", () => {
  const SERVER = "hcloud:index/server:Server";
  const server = (from: string, to: string, primaryDiskSize: number): StepOf => ({
    type: SERVER,
    before: { serverType: from },
    after: { serverType: to },
    outputs: { primaryDiskSize },
  });

  it("stop it", () => {
    expect(risks(server("cx33", "cx53", 80))).toEqual([
      "risk: server `it` goes from `cx33` to `cx53`: it is powered off for some minutes",
    ]);
    expect(risks(server("cx53", "cx33", 80))).toHaveLength(1);
    const droplet = { type: "digitalocean:index/droplet:Droplet", outputs: { disk: 25 } };
    expect(risks({ ...droplet, before: { size: "s-1vcpu-1gb" }, after: { size: "s-1vcpu-2gb" } })).toEqual([
      expect.stringContaining("from `s-1vcpu-1gb` to `s-1vcpu-2gb`: it is powered off"),
    ]);
  });

  it("are refused with less disk than it has, and on another architecture", () => {
    expect(risks(server("cx53", "cx43", 320))).toEqual([
      expect.stringContaining("which the cloud refuses: its disk has `320 GB`, the new size `160 GB`"),
    ]);
    expect(risks(server("cx23", "cax21", 40))).toEqual([
      expect.stringContaining("a system for `x86` does not run on `arm`"),
    ]);
  });

  it("may be unknown to the catalogue", () => {
    expect(risks(server("cx11", "cx999", 20))).toEqual([expect.stringContaining("it is powered off")]);
  });

  it("are no change of a new host, nor of one whose size stays", () => {
    expect(found({ type: SERVER, after: { serverType: "cx23" } })).toEqual([]);
    expect(found(server("cx23", "cx23", 40))).toEqual([]);
  });
});
