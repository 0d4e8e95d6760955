import type { Amount, ReportSide } from "./estate-report.ts";
import { code, type Markdown, md } from "./markdown.ts";

/** The cost in one line: sums per currency, and what the cap counts. */
export function costLine(before: ReportSide | undefined, after: ReportSide | undefined): Markdown {
  if (after === undefined)
    return md`**Cost:** not known${before === undefined ? md`` : md` after this (before: ${sums(before)})`}`;
  const totals = [...totalsOf(after)].map(([currency, now]) => {
    const was = before && (totalsOf(before).get(currency) ?? 0);
    return { markdown: moved(was, now, currency) };
  });
  const { capped } = after;
  const counted =
    capped &&
    md`; ${capped.provider}: ${{ markdown: moved(before?.capped?.monthly, capped.monthly, capped.currency) }} of a cap of ${amount(capped.cap)}${raised(before?.capped?.cap, capped.cap)}${capped.monthly > capped.cap ? md` – **over the cap**` : md``}`;
  return md`**Cost** a month, net: ${{ markdown: totals.map(({ markdown }) => markdown).join(", ") }}${counted ?? md``}`;
}

const raised = (was: number | undefined, now: number) =>
  was === undefined || was === now ? md`` : md` (before ${amount(was)})`;

/** Who pays what, before and after; undefined when nothing changes. */
export function costTable(before: ReportSide | undefined, after: ReportSide | undefined): Markdown | undefined {
  if (after === undefined) return undefined;
  const rows = payers(before, after).map(({ payer, currency, was, now }) =>
    row(code(payer, 60), currency, was, now, undefined),
  );
  const { capped } = after;
  const last = capped
    ? [
        row(md`${capped.provider}, against the cap`, capped.currency, before?.capped?.monthly, capped.monthly, [
          before?.capped?.cap,
          capped.cap,
        ]),
      ]
    : [];
  const dates = Object.entries(after.pricesOf).map(([provider, date]) => md`${provider} ${date}`.markdown);
  return {
    markdown: [
      "| payer | | before | after | change | cap |",
      "|---|---|--:|--:|--:|--:|",
      ...rows,
      ...last,
      ...(dates.length > 0 ? ["", `Net, a month. Price tables of ${dates.join(", ")}.`] : []),
    ].join("\n"),
  };
}

/** Whether anything that is paid, or the cap, changes. */
export function costChanges(before: ReportSide | undefined, after: ReportSide | undefined): boolean {
  if (after === undefined) return false;
  return before?.capped?.cap !== after.capped?.cap || payers(before, after).some(({ was, now }) => was !== now);
}

function payers(before: ReportSide | undefined, after: ReportSide) {
  const id = ({ payer, currency }: Amount) => JSON.stringify([payer, currency]);
  const find = (side: ReportSide | undefined, key: string) => side?.perPayer.find((each) => id(each) === key);
  const keys = [...new Set([...(before?.perPayer ?? []), ...after.perPayer].map(id))];
  return keys.map((key) => {
    const [was, now] = [find(before, key), find(after, key)];
    const { payer = "", currency = "" } = now ?? was ?? {};
    return { payer, currency, was: before && (was?.monthly ?? 0), now: now?.monthly ?? 0 };
  });
}

function row(
  name: Markdown,
  currency: string,
  was: number | undefined,
  now: number,
  caps: readonly [number | undefined, number] | undefined,
): string {
  const change = was === undefined ? "" : signed(now - was);
  const cap =
    caps === undefined
      ? ""
      : caps[0] === undefined || caps[0] === caps[1]
        ? amount(caps[1]).markdown
        : `${amount(caps[0]).markdown} → ${amount(caps[1]).markdown}`;
  return `| ${name.markdown} | ${unit(currency)} | ${was === undefined ? "" : was.toFixed(2)} | ${now.toFixed(2)} | ${change} | ${cap} |`;
}

function moved(was: number | undefined, now: number, currency: string): string {
  if (was === undefined) return `**${now.toFixed(2)} ${unit(currency)}**`;
  if (was === now) return `${now.toFixed(2)} ${unit(currency)} (unchanged)`;
  return `${was.toFixed(2)} → **${now.toFixed(2)} ${unit(currency)}** (${signed(now - was)})`;
}

const sums = (side: ReportSide): Markdown => ({
  markdown: [...totalsOf(side)].map(([currency, sum]) => `${sum.toFixed(2)} ${unit(currency)}`).join(", "),
});

function totalsOf({ perPayer }: ReportSide): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { currency, monthly } of perPayer)
    totals.set(currency, (totals.get(currency) ?? 0) + Math.round(monthly * 100));
  return new Map([...totals].map(([currency, cents]) => [currency, cents / 100]));
}

/** Currencies come from the preview too, so they are only believed when they look like one. */
const unit = (currency: string) => (/^[A-Z]{3}$/.test(currency) ? currency : "?");
const amount = (value: number): Markdown => ({ markdown: value.toFixed(2) });
const signed = (value: number) =>
  Math.abs(value) < 0.005 ? "" : `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`;
