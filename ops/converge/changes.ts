import { createHash } from "node:crypto";
import type { HostFile } from "../../model/host-configuration.ts";
import type { Bundle } from "../../roles/bundle.ts";
import { consequences } from "./consequences.ts";
import type { FoundFile, HostState } from "./host-state.ts";

/** What a host should have beside its bundle: known to its owners only, so no part of the digest. */
export interface Besides {
  /** Value by `<service>/<name>`; undefined: secrets stay as they are. */
  readonly secrets: ReadonlyMap<string, Uint8Array> | undefined;
  /** Addresses of peers. */
  readonly peers: HostFile | undefined;
}

/** What must happen on a host. */
export interface Changes {
  readonly files: readonly FileChange[];
  /** Files of an earlier bundle that this one does not have; the roles' script removes them. */
  readonly removed: readonly string[];
  readonly packages: readonly string[];
  /** `<service>/<name>` */
  readonly secrets: readonly { readonly secret: string; readonly kind: "new" | "changed" | "removed" }[];
  /** The digest that the host has recorded, if it is another one. */
  readonly digest: { readonly from: string | undefined; readonly to: string } | undefined;
  /** Commands that the roles' scripts run for these changes: what restarts and reloads. */
  readonly consequences: readonly string[];
}

export interface FileChange {
  readonly file: HostFile;
  /** Undefined: the host has no such file. */
  readonly before: FoundFile | undefined;
}

/**
 * Compares what a host has with what it should have. Owners don't count: a role gives its files away once the package
 * has made their owner.
 */
export function changesOf(state: HostState, bundle: Bundle, { secrets, peers }: Besides): Changes {
  const wanted = [...bundle.files, ...(peers ? [peers] : [])];
  const files = wanted.flatMap((file): FileChange[] => {
    const before = state.files.get(file.path);
    const same = before?.content === file.content && before.mode === file.mode;
    return same ? [] : [{ file, before }];
  });
  const kept = new Set(wanted.map(({ path }) => path));
  const removed = state.recorded.filter((path) => !kept.has(path));
  const changedSecrets = secrets ? secretChanges(state.secrets, secrets) : [];
  const touched = [
    ...files.map(({ file }) => file.path),
    ...removed,
    ...changedSecrets.map(({ secret }) => `/etc/secrets/${secret}`),
  ];
  return {
    files,
    removed,
    packages: state.missingPackages,
    secrets: changedSecrets,
    digest: state.digest === bundle.digest ? undefined : { from: state.digest, to: bundle.digest },
    consequences: consequences(bundle, touched, removed),
  };
}

/** Nothing is left to do. */
export const isCurrent = ({ files, removed, packages, secrets, digest }: Changes): boolean =>
  files.length + removed.length + packages.length + secrets.length === 0 && digest === undefined;

function secretChanges(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, Uint8Array>) {
  const given = [...wanted].flatMap(([secret, value]) => {
    const hash = found.get(secret);
    if (hash === createHash("sha256").update(value).digest("hex")) return [];
    return [{ secret, kind: hash === undefined ? ("new" as const) : ("changed" as const) }];
  });
  const gone = [...found.keys()].filter((secret) => !wanted.has(secret));
  return [...given, ...gone.map((secret) => ({ secret, kind: "removed" as const }))];
}
