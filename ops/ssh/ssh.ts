import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** A host as ssh reaches it. */
export interface Target {
  readonly key: string;
  /** Its host key is looked up under this name, whatever its address is. */
  readonly fqdn: string;
  readonly address: string;
  /** Key of the target to pass through. */
  readonly through: string | undefined;
}

export interface SshOptions {
  readonly knownHosts: string;
  /** Left out: what the user's ssh configuration says. */
  readonly user?: string | undefined;
}

export interface SshResult {
  /** 255: ssh itself failed. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** For the command's standard input: the only way in which anything secret reaches a host. */
  readonly input?: string | Buffer;
  /** Gets whole lines of standard output as they come. */
  readonly onLine?: (line: string) => void;
  /** Seconds after which ssh is ended; the status is then 124. */
  readonly timeout?: number;
  /** Options before the host's name. */
  readonly flags?: readonly string[];
}

/** The system's ssh, with one connection a host that all commands share. */
export interface Ssh {
  readonly run: (key: string, command: string, options?: RunOptions) => Promise<SshResult>;
  /** Ends the shared connections. */
  readonly close: () => Promise<void>;
}

/** Reads no host key but the pinned ones; the user's own configuration says the rest (keys, bastions, user name). */
export function ssh(targets: readonly Target[], options: SshOptions): Ssh {
  const folder = mkdtempSync(join(tmpdir(), "ops-ssh-"));
  const config = join(folder, "config");
  writeFileSync(config, configuration(targets, options, folder), { mode: 0o600 });
  const used = new Set<string>();
  return {
    run: (key, command, given = {}) => {
      used.add(key);
      return ended(["-F", config, ...(given.flags ?? []), key, command], given);
    },
    close: async () => {
      await Promise.all([...used].map((key) => ended(["-F", config, "-O", "exit", key], { timeout: 5 })));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first value wins in ssh_config, so what must hold stands before the user's own. */
function configuration(targets: readonly Target[], { knownHosts, user }: SshOptions, folder: string): string {
  const own = join(homedir(), ".ssh/config");
  const blocks = targets.flatMap(({ key, fqdn, address, through }) => [
    `Host ${key}`,
    `  HostName ${address}`,
    `  HostKeyAlias ${fqdn}`,
    ...(through === undefined ? [] : [`  ProxyJump ${through}`]),
  ]);
  const rules = [
    "Host *",
    ...(user === undefined ? [] : [`  User ${user}`]),
    `  UserKnownHostsFile "${knownHosts}"`,
    "  GlobalKnownHostsFile /dev/null",
    "  StrictHostKeyChecking yes",
    "  HostKeyAlgorithms ssh-ed25519",
    "  UpdateHostKeys no",
    "  CheckHostIP no",
    "  BatchMode yes",
    "  ForwardAgent no",
    "  ConnectTimeout 15",
    "  ServerAliveInterval 15",
    "  ServerAliveCountMax 4",
    "  LogLevel ERROR",
    "  ControlMaster auto",
    `  ControlPath "${folder}/%n"`,
    "  ControlPersist 60",
    ...(existsSync(own) ? [`Include "${own}"`] : []),
  ];
  return `${[...blocks, ...rules].join("\n")}\n`;
}

function ended(args: readonly string[], { input, onLine, timeout = 60 }: RunOptions): Promise<SshResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr, rest, late] = ["", "", "", false];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill();
    }, timeout * 1000);
    child.on("error", (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(cause);
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status: late ? 124 : (status ?? 255), stdout, stderr });
    });
    // A host that refuses before it has read everything is told by its status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
  });
}
