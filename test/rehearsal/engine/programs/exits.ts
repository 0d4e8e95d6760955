import { Thing } from "./sim.ts";

new Thing({ name: "a" });
process.exit(0);
