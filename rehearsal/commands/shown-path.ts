import { relative } from "node:path";

/** A path as a reader of the output would type it: relative to the working directory where it lies below that. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
