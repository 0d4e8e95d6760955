import type { ActiveEstate } from "./active-estate.ts";
import { zoneOf } from "./names.ts";

/** Settings that are well formed but do not fit the estate. */
export function settingProblems({ estate, settings, hosts }: ActiveEstate): string[] {
  const zones = Object.keys(estate.zones);
  const groups = Object.keys(estate.groups);
  const sending = Object.values(estate.zones).flatMap(({ mail = {} }) => Object.keys(mail));
  const guarded = [
    ...Object.keys(estate.hosts),
    ...zones,
    ...(estate.backups.kind === "storageBox" ? [estate.backups.name] : []),
  ];
  const unknown = (key: string, found: string, allowed: readonly string[]) =>
    allowed.includes(found) ? [] : [`${key}: found ${found}.\n  Allowed: ${allowed.join(", ")}.`];
  return [
    ...settings.admins.flatMap((admin, index) =>
      admin.groups.flatMap((group) => unknown(`admins[${index}].groups`, group, groups)),
    ),
    ...repeated(settings.admins.map(({ name }) => name)).map(
      (name) => `admins: ${name} is there twice.\n  List each person once, with all keys.`,
    ),
    ...Object.keys(settings.dnssec).flatMap((zone) => unknown("dnssec", zone, zones)),
    ...(settings.unprotected === "all"
      ? []
      : settings.unprotected.flatMap((key) => unknown("unprotected", key, guarded))),
    ...settings.dkim.flatMap(({ domain }, index) =>
      domain === undefined ? [] : unknown(`dkim[${index}].domain`, domain, sending),
    ),
    ...sending
      .filter((domain) => !settings.dkim.some((key) => (key.domain ?? domain) === domain))
      .map(
        (domain) =>
          `dkim: ${domain} sends mail, but has no key.\n  Add {"domain":"${domain}","selector":"…","publicKey":"…"} to the setting.`,
      ),
    ...settings.alertEmails
      .filter((mailbox) => zoneOf(mailbox.slice(mailbox.lastIndexOf("@") + 1), zones) !== undefined)
      .map(
        (mailbox) =>
          `alertEmails: ${mailbox} is a mailbox of our own.\n  Alerts must arrive while our mail is down: use one at another provider.`,
      ),
    ...Object.keys(hosts)
      .filter(
        (host) =>
          !settings.admins.some((admin) => admin.groups.some((id) => mayEnter(estate.groups[id], host))) &&
          hosts[host]?.kind !== "external",
      )
      .map(
        (host) =>
          `admins: nobody could log in on ${host}.\n  Add an admin with one of the groups ${groups.join(", ")}.`,
      ),
  ];
}

const mayEnter = (
  group: { readonly hosts: "all" | readonly string[]; readonly sudo: boolean } | undefined,
  host: string,
) => group?.sudo === true && (group.hosts === "all" || group.hosts.includes(host));

const repeated = (names: readonly string[]) => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
