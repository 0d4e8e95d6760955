/** Where hosts are on their way: a line for each at a terminal, a line for each step in a log. */
export interface Progress {
  readonly step: (host: string, text: string) => void;
  /** What the host itself says meanwhile. */
  readonly says: (host: string, line: string) => void;
  /** Leaves the lines as they are; what follows is written below them. */
  readonly end: () => void;
}

export interface Screen {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Columns. */
  readonly width: number;
}

export function progress(hosts: readonly string[], screen: Screen): Progress {
  const widest = Math.max(0, ...hosts.map((host) => host.length));
  return screen.isTerminal ? inPlace(hosts, widest, screen) : inLog(widest, screen);
}

function inLog(widest: number, { write }: Screen): Progress {
  return {
    step: (host, text) => write(`${host.padEnd(widest)}  ${text}\n`),
    says: (host, line) => write(`${host.padEnd(widest)}  | ${line}\n`),
    end: () => undefined,
  };
}

function inPlace(hosts: readonly string[], widest: number, { write, width }: Screen): Progress {
  const lines = new Map(hosts.map((host) => [host, ""]));
  let drawn = 0;
  const draw = () => {
    const text = [...lines].map(([host, line]) => `\x1b[2K${`${host.padEnd(widest)}  ${line}`.slice(0, width - 1)}\n`);
    write(`${drawn > 0 ? `\x1b[${drawn}A` : ""}${text.join("")}`);
    drawn = lines.size;
  };
  const steps = new Map<string, string>();
  return {
    step: (host, text) => {
      steps.set(host, text);
      lines.set(host, text);
      draw();
    },
    says: (host, line) => {
      lines.set(host, `${steps.get(host) ?? ""}: ${line.replaceAll(/[^\x20-\x7e]/g, "?")}`);
      draw();
    },
    end: () => {
      drawn = 0;
    },
  };
}
