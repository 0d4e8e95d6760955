import { CLOUDFLARE_FREE_PLAN } from "../../model/catalogue/cloudflare.ts";
import { type ArgumentCheck, between } from "../check-arguments.ts";

/** What the free plan asks of the rules of one phase; the reference is what keeps a rule's identity in an update. */
export function ruleChecks(
  argument: string,
  rules: readonly { readonly ref: string; readonly expression: string }[],
  most: number,
): ArgumentCheck[] {
  const refs = rules.map(({ ref }) => ref);
  return [
    between(argument, rules.length, { min: 0, max: most }, "rules"),
    {
      argument: `${argument}, ref`,
      found: refs.join(", "),
      ok: refs.every((ref, index) => ref !== "" && refs.indexOf(ref) === index),
      allowed: "one of its own for each rule",
    },
    ...rules.map(({ ref, expression }) =>
      between(
        `expression of rule ${ref}`,
        expression.length,
        { min: 1, max: CLOUDFLARE_FREE_PLAN.expression },
        "characters",
      ),
    ),
  ];
}
