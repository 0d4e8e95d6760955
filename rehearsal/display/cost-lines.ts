import { isUnknown } from "./special-values.ts";
import { clip, columnsOf, printable } from "./terminal-text.ts";

/**
 * The stack output `cost` as lines: one per payer and currency. What the entries hold besides `payer`, `currency` and
 * `monthly` is shown by name, so that the program decides what is worth knowing.
 */
export function costLines(cost: unknown, width: number): string[] {
  if (!Array.isArray(cost)) return [];
  const rows = cost.flatMap((entry) =>
    typeof entry === "object" && entry !== null && !isUnknown(entry) ? [row(entry as Record<string, unknown>)] : [],
  );
  const payer = Math.max(0, ...rows.map((r) => columnsOf(r.payer)));
  const amount = Math.max(0, ...rows.map((r) => r.amount.length));
  return rows.map((r) =>
    clip(`${r.payer.padEnd(payer)}  ${r.amount.padStart(amount)} ${r.currency} a month${r.rest}`, width),
  );
}

function row({ payer, currency, monthly, ...rest }: Record<string, unknown>): {
  payer: string;
  amount: string;
  currency: string;
  rest: string;
} {
  const extra = Object.entries(rest).flatMap(([key, value]) => {
    if (typeof value === "number") return [`${words(key)} ${amountText(value)}`];
    return typeof value === "string" ? [`${words(key)} ${printable(value)}`] : [];
  });
  return {
    payer: printable(String(payer ?? "?")),
    amount: amountText(monthly),
    currency: printable(String(currency ?? "")),
    rest: extra.length > 0 ? ` (${extra.join(", ")})` : "",
  };
}

function amountText(value: unknown): string {
  return typeof value === "number" ? value.toFixed(2) : printable(String(value));
}

/** `withVat` as `with vat`. */
function words(key: string): string {
  return printable(key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase());
}
