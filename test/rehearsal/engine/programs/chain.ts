/** A chain of three and one alone; the configuration says how they look. */
import * as pulumi from "@pulumi/pulumi";
import { Thing } from "./sim.ts";

const config = new pulumi.Config("test");
const size = config.getNumber("size") ?? 1;
const a = new Thing({ name: "a", size, zone: config.get("zone") ?? "z1" });
const b = new Thing({ name: "b", size, note: a.address });
if (config.get("short") === undefined) new Thing({ name: "c", size, note: b.address });
new Thing({ name: "alone" });
export const address = b.address;
