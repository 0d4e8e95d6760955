import type { HostConfiguration } from "../../model/host-configuration.ts";

/**
 * The file from which a host makes its accounts: `name sudo|- key`, a line for each key.
 * @throws Error for names and keys that a shell or sshd would read as something else
 */
export function accountLines({ host, admins }: HostConfiguration): string {
  if (admins.length === 0)
    throw new Error(
      `${host}: no admin may log in.\n  Put at least one admin into a group that the estate admits there.`,
    );
  const lines = admins.flatMap(({ name, keys, sudo }) => {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || name === "root")
      throw new Error(
        `${host}: an admin is named ${JSON.stringify(name)}.\n  Allowed: a Unix user name, but not root.`,
      );
    return keys.map((key) => {
      if (!/^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [\x20-\x7e]*)?$/.test(key))
        throw new Error(
          `${host}: a key of ${name} is ${JSON.stringify(key)}.\n  Allowed: one OpenSSH public key, no options.`,
        );
      return `${name} ${sudo ? "sudo" : "-"} ${key}\n`;
    });
  });
  return lines.join("");
}
