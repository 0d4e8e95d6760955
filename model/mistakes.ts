/**
 * What people wrote cannot be used: every mistake at once. Each says where, what was found, what is allowed and what to
 * do, in two or three lines.
 */
export class Mistakes extends Error {
  readonly problems: readonly string[];

  /** @param where what the mistakes are in, e.g. "the settings" */
  constructor(where: string, problems: readonly string[]) {
    super(`${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"} in ${where}:\n${problems.join("\n")}`);
    this.name = "Mistakes";
    this.problems = problems;
  }
}
