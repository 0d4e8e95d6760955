import type { MaintenanceWindow } from "./estate.ts";

/** One occurrence of a maintenance window. */
export interface Maintenance {
  readonly from: Date;
  readonly until: Date;
}

/**
 * The windows that start after a moment, soonest first. All in UTC.
 * @throws Error for a window that never comes
 */
export function nextWindows(window: MaintenanceWindow, after: Date, count: number): Maintenance[] {
  const { hour, minute, weeks } = parsed(window);
  const weekday = WEEKDAYS.indexOf(window.weekday);
  const found: Maintenance[] = [];
  const day = new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate()));
  day.setUTCDate(day.getUTCDate() + ((weekday - day.getUTCDay() + 7) % 7));
  for (; found.length < count; day.setUTCDate(day.getUTCDate() + 7)) {
    const from = new Date(day.getTime() + (hour * 60 + minute) * 60_000);
    if (from > after && weeks.includes(Math.ceil(day.getUTCDate() / 7)))
      found.push({ from, until: new Date(from.getTime() + window.hours * 3_600_000) });
  }
  return found;
}

/**
 * The start of a window for a systemd timer, as `Tue *-*-1..7 08:00 UTC` for the first Tuesday of a month.
 * @throws Error for a window that never comes
 */
export function calendarExpression(window: MaintenanceWindow): string {
  const { weeks } = parsed(window);
  // The n-th weekday of a month is the one among its n-th seven days.
  const days = weeks.map((week) => (week === 5 ? "29..31" : `${week * 7 - 6}..${week * 7}`));
  return `${window.weekday.slice(0, 3)} *-*-${days.length === 5 ? "*" : days.join(",")} ${window.from} UTC`;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function parsed({ from, hours, weeks = [1, 2, 3, 4, 5] }: MaintenanceWindow) {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(from) ?? [];
  if (hour === undefined || weeks.length === 0 || !(hours > 0 && hours <= 24))
    throw new Error(
      `Maintenance window: from ${JSON.stringify(from)} for ${hours} hours in weeks ${JSON.stringify(weeks)} never comes.\n` +
        '  Allowed: from "HH:MM" in UTC, up to 24 hours, weeks 1 to 5 of a month or all when left out.',
    );
  return { hour: Number(hour), minute: Number(minute), weeks: [...new Set(weeks)].sort() as readonly number[] };
}
