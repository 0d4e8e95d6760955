import type { NeededSecret, PlannedHost } from "../host-plan/planned-hosts.ts";
import type { Identity } from "../secrets/identity.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { filesOf, secretContent } from "../secrets/shared-values.ts";
import { Trouble } from "../ssh/trouble.ts";

/**
 * The values that a host's services wait for, by `<role>/<name>`. Those of a service that is declared only are
 * delivered when they are there.
 * @param own asked only when there is something to decrypt
 * @throws Trouble when one is missing, Refusal when one cannot be decrypted
 */
export async function hostSecrets(
  { key, secrets }: PlannedHost,
  store: SecretStore,
  own: () => readonly Identity[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const lacks = (secret: NeededSecret) => filesOf(secret).filter((file) => !store.has(file));
  const missing = secrets.filter((secret) => secret.awaited && lacks(secret).length > 0);
  if (missing.length > 0) {
    const commands = missing.map((secret) =>
      secret.shared
        ? `  ops secrets create-shared    # ${secret.service} ${secret.name}: ${lacks(secret)
            .map(({ name }) => name)
            .join(", ")}`
        : `  ops secrets create ${secret.service} ${secret.name}    # ${secret.what}`,
    );
    throw new Trouble(
      `${key} lacks ${missing.length} of its secrets. Create them, or leave its secrets as they are: --no-secrets\n${commands.join("\n")}`,
    );
  }
  const values = new Map<string, Uint8Array>();
  for (const secret of secrets.filter((each) => lacks(each).length === 0))
    values.set(secret.place, await secretContent(secret, store, own()));
  return values;
}
