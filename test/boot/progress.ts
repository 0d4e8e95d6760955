import type { Lab } from "./suite.ts";

/** Lines while the run goes on, a table at its end. */
export interface Progress extends Pick<Lab, "log" | "check" | "took"> {
  readonly failed: (what: string, error: unknown) => void;
  /** @returns whether all held */
  readonly summary: () => boolean;
}

export function progress(): Progress {
  const start = performance.now();
  const checked = new Map<string, { passed: number; failed: number }>();
  const times: { readonly host: string; readonly step: string; readonly seconds: number }[] = [];
  let sound = true;
  const log = (line: string) => console.log(`${seconds(start).toFixed(1).padStart(6)} s  ${line}`);
  const failed = (what: string, error: unknown) => {
    sound = false;
    const message = error instanceof Error ? (error.message ?? String(error)) : String(error);
    log(`✗ ${what}\n${message.trim().replaceAll(/^/gm, "            ")}`);
  };
  return {
    log,
    failed,
    took: (host, step, duration) => {
      times.push({ host, step, seconds: duration });
      log(`${host}: ${step} in ${duration.toFixed(1)} s`);
    },
    check: async (host, fact, holds) => {
      const count = checked.get(host) ?? { passed: 0, failed: 0 };
      checked.set(host, count);
      try {
        await holds();
        count.passed++;
        log(`✓ ${host}: ${fact}`);
      } catch (error) {
        count.failed++;
        failed(`${host}: ${fact}`, error);
      }
    },
    summary: () => {
      const hosts = [...new Set([...checked.keys(), ...times.map(({ host }) => host)])];
      const rows = hosts.map((host) => {
        const { passed, failed: not } = checked.get(host) ?? { passed: 0, failed: 0 };
        const steps = times
          .filter((time) => time.host === host)
          .map(({ step, seconds: taken }) => `${step} ${taken.toFixed(1)} s`);
        return [host, passed + not === 0 ? "" : `${passed} of ${passed + not} hold`, steps.join(", ")];
      });
      const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
      console.log("");
      for (const [host = "", facts = "", steps = ""] of rows)
        console.log(`${host.padEnd(widths[0] ?? 0)}  ${facts.padEnd(widths[1] ?? 0)}  ${steps}`);
      console.log(`\n${sound ? "All facts hold" : "Not all facts hold"}, ${seconds(start).toFixed(0)} s`);
      return sound;
    },
  };
}

const seconds = (since: number) => (performance.now() - since) / 1000;
