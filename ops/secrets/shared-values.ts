import type { SharedLine, SharedSecret } from "../../model/service.ts";
import { type NeededSecret, type PlannedHost, SHARED } from "../host-plan/planned-hosts.ts";
import { EXIT, Refusal } from "../refusal.ts";
import type { Identity } from "./identity.ts";
import type { SecretId, SecretStore } from "./secret-store.ts";

/** A value that is kept once, and every secret that is made with it. */
export interface SharedValue {
  readonly id: SecretId;
  readonly uses: readonly SharedUse[];
}

export interface SharedUse {
  readonly host: string;
  readonly service: string;
  readonly name: string;
  readonly here: SharedSecret["here"];
}

/** The file that holds a value. */
const idOf = ({ value }: SharedLine): SecretId => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(value))
    throw new Error(
      `A role shares the value ${JSON.stringify(value)}.\n  Allowed: lower-case letters, digits, . and -`,
    );
  return { service: SHARED, name: value };
};

/** The files that a secret is made of: several for one that is made of shared values, else its own. */
export const filesOf = (need: NeededSecret): readonly SecretId[] => need.shared?.lines.map(idOf) ?? [need];

/** All values that the hosts' services share, by name. */
export function sharedValues(hosts: readonly PlannedHost[]): SharedValue[] {
  const uses = hosts.flatMap(({ key, secrets }) =>
    secrets.flatMap(({ service, name, shared }) =>
      (shared?.lines ?? []).map((line) => ({
        id: idOf(line),
        use: { host: key, service, name, here: shared?.here ?? "presented" } as const,
      })),
    ),
  );
  return [...Map.groupBy(uses, ({ id }) => id.name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => (group[0] ? [{ id: group[0].id, uses: group.map(({ use }) => use) }] : []));
}

/** What a host gets as the secret. @throws Refusal for a file that cannot be decrypted, or is no line of text */
export async function secretContent(
  need: NeededSecret,
  store: SecretStore,
  identities: readonly Identity[],
): Promise<Uint8Array> {
  if (!need.shared) return store.read(need, identities);
  const lines: string[] = [];
  for (const line of need.shared.lines) {
    const value = oneLine(await store.read(idOf(line), identities), idOf(line));
    lines.push(`${line.user === undefined ? "" : `${line.user}:`}${value}\n`);
  }
  return Buffer.from(lines.join(""));
}

/** The one line of a shared value, which becomes a part of others' files. */
export function oneLine(value: Uint8Array, { name }: SecretId): string {
  const text = Buffer.from(value).toString().replace(/\n$/, "");
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Refusal(
    EXIT.failed,
    `The shared value ${name} is not one word of printable ASCII: it could not stand in a line of its own.\n  Make it with --generate, or give such a value.`,
  );
}

/** Hosts in the order in which they must learn a new value: those that check it first. */
const convergeOrder = ({ uses }: SharedValue): string[] => [
  ...new Set([...uses.filter(({ here }) => here === "checked"), ...uses].map(({ host }) => host)),
];

/** What must happen for a new value to take effect. */
export function afterwards(shared: SharedValue): string {
  const hosts = convergeOrder(shared);
  const checks = new Set(shared.uses.filter(({ here }) => here === "checked").map(({ host }) => host));
  const presents = hosts.filter((host) => !checks.has(host));
  const outsider =
    presents.length === 0 && checks.size > 0 && !shared.uses.some(({ here }) => here === "presented")
      ? `No host of the estate presents it. Give it to whoever does, over a safe channel: ops secrets show ${SHARED} ${shared.id.name} --reveal\n`
      : "";
  const order =
    presents.length > 0 && checks.size > 0
      ? `In this order: ${[...checks].join(", ")} must know it before ${presents.join(", ")} present${presents.length === 1 ? "s" : ""} it. In between, the old one is refused.\n`
      : "";
  return `Commit it, then: ops converge ${hosts.join(" ")}\n${order}${outsider}`;
}
