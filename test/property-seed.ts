import fc from "fast-check";

/**
 * Property-based tests draw the same examples in every run, so that a change fails for what it changed;
 * `PROPERTY_SEED=random` draws others, and a number the ones of the run that named it.
 */
const { PROPERTY_SEED: seed = "20261121" } = process.env;
if (seed !== "random" && !/^-?\d+$/.test(seed))
  throw new Error(`PROPERTY_SEED must be a whole number or "random", found "${seed}".`);
fc.configureGlobal(seed === "random" ? {} : { seed: Number(seed) });
