import { Thing } from "./sim.ts";

new Thing({ name: "a" });
setInterval(() => {}, 1_000_000);
