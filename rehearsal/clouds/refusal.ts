/** What a simulated cloud answers instead of doing what it was asked: the rule that the real one applies, and the remedy. */
export class Refusal extends Error {
  /** The real cloud's error code (`uniqueness_error`, `resource_in_use`) or HTTP status text. */
  readonly code: string;
  constructor(resource: string, code: string, rule: string, remedy: string) {
    super(`${resource}: ${rule} (${code}).\n${remedy}`);
    this.name = "Refusal";
    this.code = code;
  }
}
