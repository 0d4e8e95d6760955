import { only, type Rule, sameName } from "./finders.ts";
import type { Surroundings } from "./match.ts";
import { textInput, type Wanted } from "./wanted.ts";

/** A host that has another name in the cloud, but answers where DNS sends those who look for it. */
export function byAddress(nameOf: (wanted: Wanted, around: Surroundings) => string | undefined): Rule {
  return (wanted, around) => {
    const name = nameOf(wanted, around);
    if (name === undefined) return { kind: "absent", why: "the program does not say its public name" };
    const addresses = addressesOf(name, around);
    const reserved = around
      .existing("digitalocean:index/reservedIp:ReservedIp")
      .filter(({ traits }) => addresses.has(String(traits["ip"])))
      .map(({ traits }) => traits["dropletId"]);
    const fitting = around
      .existing(wanted.type)
      .filter(
        ({ id, traits }) => reserved.includes(id) || [traits["addresses"] ?? []].flat().some((ip) => addresses.has(ip)),
      );
    return only(fitting, `address of ${name}`, `the address of ${name}`);
  };
}

/** The name that the program gives to the addresses of a host. */
export function hostName(wanted: Wanted, { wanted: all }: Surroundings): string | undefined {
  const names = all("hcloud:index/rdns:Rdns")
    .filter(({ component }) => component !== undefined && component === wanted.component)
    .map((entry) => textInput(entry, "dnsPtr"));
  return names[0];
}

/** The addresses that reverse entries and DNS records give to a name today. */
export function addressesOf(name: string, { existing }: Surroundings): Set<string> {
  const reverse = existing("hcloud:index/primaryIp:PrimaryIp").filter(({ traits }) => traits["dnsPtr"]?.includes(name));
  const forward = existing("cloudflare:index/dnsRecord:DnsRecord").filter(
    ({ traits }) => sameName(traits["name"], name) && (traits["type"] === "A" || traits["type"] === "AAAA"),
  );
  return new Set(
    [...reverse.map(({ traits }) => traits["ip"]), ...forward.map(({ traits }) => traits["content"])]
      .flat()
      .filter((ip) => ip !== undefined),
  );
}
