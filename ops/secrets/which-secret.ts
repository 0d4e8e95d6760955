import type { NeededSecret, PlannedHost } from "../host-plan/planned-hosts.ts";
import { EXIT, Refusal } from "../refusal.ts";
import type { SecretId, SecretStore } from "./secret-store.ts";
import { filesOf, type SharedValue } from "./shared-values.ts";

/** What the services of the estate need. */
export interface Needs {
  readonly hosts: readonly PlannedHost[];
  readonly shared: readonly SharedValue[];
}

/** The need of a service by this name. */
export const needIn = (hosts: readonly PlannedHost[], { service, name }: SecretId): NeededSecret | undefined =>
  hosts.flatMap(({ secrets }) => secrets).find((need) => need.service === service && need.name === name);

/** The shared value by this name. */
export const sharedBy = (shared: readonly SharedValue[], { service, name }: SecretId): SharedValue | undefined =>
  shared.find(({ id }) => id.service === service && id.name === name);

/** A file that a service's secret is, or is made of. */
export const isNeeded = ({ hosts, shared }: Needs, secret: SecretId): boolean => {
  const need = needIn(hosts, secret);
  return (need !== undefined && !need.shared) || sharedBy(shared, secret) !== undefined;
};

export const hostOf = (hosts: readonly PlannedHost[], secret: SecretId): string =>
  hosts.find((host) => needIn([host], secret))?.key ?? "its host";

/** @throws Refusal (exit 2) for one that no service has asked for */
export function known(needs: Needs, secret: SecretId): void {
  const { hosts, shared } = needs;
  whole(needs, secret);
  if (isNeeded(needs, secret)) return;
  const files = [
    ...hosts.flatMap(({ secrets }) => secrets.filter((need) => !need.shared)),
    ...shared.map(({ id }) => id),
  ];
  throw new Refusal(
    EXIT.badUsage,
    `No service needs ${secret.service} ${secret.name}.\n  Allowed: ${files.map(({ service, name }) => `${service} ${name}`).join(", ") || "none"}. A role says in role.ts which secrets it needs.`,
  );
}

/**
 * Of a secret that is made of shared values there is no file: the values are what is made and rotated.
 * @throws Refusal (exit 2) for such a one
 */
export function whole({ hosts }: Needs, secret: SecretId): void {
  const need = needIn(hosts, secret);
  if (!need?.shared) return;
  const values = filesOf(need).map(({ service, name }) => `${service} ${name}`);
  throw new Refusal(
    EXIT.badUsage,
    `${secret.service} ${secret.name} is made of values that other services know too, when its host is converged.\n  Name one of them: ${values.join(", ") || "none yet"}.`,
  );
}

/** @throws Refusal (exit 2) for one of which there is no file */
export function existing(store: SecretStore, secret: SecretId): void {
  const plain = [secret.service, secret.name].every((text) => /^[a-z0-9][a-z0-9.-]*$/.test(text));
  if (plain && store.has(secret)) return;
  const all = store.all().map(({ service, name }) => `${service} ${name}`);
  throw new Refusal(
    EXIT.badUsage,
    `There is no secret ${secret.service} ${secret.name}.\n  There are: ${all.join(", ") || "none"}.`,
  );
}
