import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MaintenanceWindow } from "../../model/estate.ts";
import { calendarExpression, nextWindows } from "../../model/maintenance.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const two = (number: number) => String(number).padStart(2, "0");

const arbitraryWindow: fc.Arbitrary<MaintenanceWindow> = fc.record(
  {
    weekday: fc.constantFrom(...WEEKDAYS),
    weeks: fc.uniqueArray(fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 5 as const), {
      minLength: 1,
    }),
    from: fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${two(hour)}:${two(minute)}`),
    hours: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: ["weekday", "from", "hours"] },
);
const arbitraryMoment = fc.date({
  min: new Date("2024-01-01T00:00:00Z"),
  max: new Date("2040-01-01T00:00:00Z"),
  noInvalidDate: true,
});

/** Looks at every single day, and counts weekdays within its month. */
function naive(window: MaintenanceWindow, after: Date, count: number): Date[] {
  const found: Date[] = [];
  const day = new Date(`${after.toISOString().slice(0, 10)}T${window.from}:00Z`);
  for (; found.length < count; day.setUTCDate(day.getUTCDate() + 1)) {
    if (WEEKDAYS[day.getUTCDay()] !== window.weekday || day <= after) continue;
    let nth = 0;
    for (let date = 1; date <= day.getUTCDate(); date++)
      if (new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay() === day.getUTCDay()) nth++;
    if (!window.weeks || (window.weeks as readonly number[]).includes(nth)) found.push(new Date(day));
  }
  return found;
}

describe("maintenance windows", () => {
  test("are those that a day-by-day search finds", () => {
    fc.assert(
      fc.property(arbitraryWindow, arbitraryMoment, (window, after) => {
        expect(nextWindows(window, after, 4).map(({ from }) => from)).toEqual(naive(window, after, 4));
      }),
    );
  });

  test("last as long as declared", () => {
    const [first] = nextWindows(
      { weekday: "Tuesday", weeks: [1], from: "08:00", hours: 4 },
      new Date("2026-09-02T00:00:00Z"),
      1,
    );
    expect(first).toEqual({ from: new Date("2026-10-06T08:00:00Z"), until: new Date("2026-10-06T12:00:00Z") });
  });

  test("a window that starts now is not the next one", () => {
    const now = new Date("2026-10-06T08:00:00Z");
    expect(nextWindows({ weekday: "Tuesday", from: "08:00", hours: 1 }, now, 1)[0]?.from).toEqual(
      new Date("2026-10-13T08:00:00Z"),
    );
  });

  test.each<[MaintenanceWindow, string]>([
    [{ weekday: "Tuesday", weeks: [1], from: "08:00", hours: 4 }, "Tue *-*-1..7 08:00 UTC"],
    [{ weekday: "Sunday", weeks: [3, 1], from: "22:30", hours: 2 }, "Sun *-*-1..7,15..21 22:30 UTC"],
    [{ weekday: "Friday", weeks: [5], from: "00:00", hours: 2 }, "Fri *-*-29..31 00:00 UTC"],
    [{ weekday: "Monday", from: "03:00", hours: 2 }, "Mon *-*-* 03:00 UTC"],
  ])("become a calendar expression of systemd (%#)", (window, expression) => {
    expect(calendarExpression(window)).toBe(expression);
  });

  test("the expression names the days that the windows fall on", () => {
    fc.assert(
      fc.property(arbitraryWindow, arbitraryMoment, (window, after) => {
        const [weekday, date = "", time] = calendarExpression(window).split(" ");
        const ranges = date
          .slice(4)
          .split(",")
          .map((range) => range.split("..").map(Number));
        for (const { from } of nextWindows(window, after, 5)) {
          expect(from.toUTCString().slice(0, 3)).toBe(weekday);
          expect(from.toISOString().slice(11, 16)).toBe(time);
          const day = from.getUTCDate();
          expect(date === "*-*-*" || ranges.some(([low = 0, high = 0]) => day >= low && day <= high)).toBe(true);
        }
      }),
    );
  });

  test.each<[string, Partial<MaintenanceWindow>]>([
    ["no week", { weeks: [] }],
    ["no time of day", { from: "24:00" }],
    ["a time without a zero", { from: "8:00" }],
    ["no length", { hours: 0 }],
  ])("refuses %s", (_, wrong) => {
    const window: MaintenanceWindow = { weekday: "Tuesday", from: "08:00", hours: 4, ...wrong };
    expect(() => calendarExpression(window)).toThrow(/never comes/);
    expect(() => nextWindows(window, new Date(0), 1)).toThrow(/never comes/);
  });
});
