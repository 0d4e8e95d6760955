import type { Estate } from "./estate.ts";
import { Mistakes } from "./mistakes.ts";
import { donationsField, FIELDS, type Field, poolField, thirdPartyField } from "./setting-fields.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of a stack and the estate that they name.
 * @param raw configuration values by key, without the project's name; of secrets any text
 * @throws Mistakes
 */
export function parseSettings(
  raw: Readonly<Record<string, string>>,
  estates: Readonly<Record<string, Estate>>,
): { readonly settings: Settings; readonly estate: Estate } {
  const { estate: wanted, ...given } = raw;
  const estate = wanted === undefined ? undefined : estates[wanted];
  const fields = fieldsOf(estate);
  const parsed = Object.entries(fields).map(
    ([key, field]) => [key, parseField(key, field, given[key], estate)] as const,
  );
  const problems = [
    ...(estate ? [] : [estateProblem(wanted, Object.keys(estates))]),
    ...parsed.flatMap(([, { problems }]) => problems),
    ...(estate
      ? Object.keys(given)
          .filter((key) => !(key in fields))
          .map((key) => unknownKey(key, fields))
      : []),
  ];
  if (problems.length > 0 || !estate) throw new Mistakes("the settings", problems);
  const values = Object.fromEntries(parsed.map(([key, { value }]) => [key, value]));
  const pools = Object.entries(estate.pools).map(([id, { setting }]) => [id, values[setting]]);
  const donations = estate.donations === undefined ? [] : values[estate.donations.setting];
  const settings = {
    ...values,
    estate: estate.name,
    pools: Object.fromEntries(pools),
    thirdPartyNetworks: Object.fromEntries(networkSettings(estate).map(({ setting }) => [setting, values[setting]])),
    donations,
    dkim: values["dkim"] ?? [],
  };
  // Every field was checked by its schema just above: this is where text becomes a type.
  return { settings: settings as Settings, estate };
}

/** The fields that every estate has, and those that this one names itself. */
function fieldsOf(estate: Estate | undefined): Record<string, Field> {
  const fields: Record<string, Field> = { ...FIELDS };
  if (!estate) return fields;
  const hosts = Object.values(estate.hosts);
  for (const [id, pool] of Object.entries(estate.pools))
    fields[pool.setting] = poolField(
      pool,
      hosts.filter((host) => host.kind !== "external" && host.pool?.pool === id).length,
    );
  for (const { setting, party } of networkSettings(estate)) fields[setting] = thirdPartyField(party);
  if (estate.donations) fields[estate.donations.setting] = donationsField(estate.donations.what);
  return fields;
}

function networkSettings(estate: Estate) {
  return Object.values(estate.thirdParties).flatMap((party) =>
    party.networks && "setting" in party.networks ? [{ setting: party.networks.setting, party }] : [],
  );
}

function parseField(
  key: string,
  field: Field,
  text: string | undefined,
  estate: Estate | undefined,
): { readonly value?: unknown; readonly problems: readonly string[] } {
  if (text === undefined) {
    const required = !("default" in field) && (!estate || (field.needed?.(estate) ?? true));
    return required
      ? { problems: [advice(`${key}: not set (${field.what}).`, key, field)] }
      : { value: field.default, problems: [] };
  }
  const value = field.text || field.secret ? text : json(text);
  const { success, data, error } = field.schema.safeParse(value);
  if (success) return { value: data, problems: [] };
  const places = new Map(error.issues.map(({ path }) => [placeOf(key, path), path]));
  const found = (path: readonly PropertyKey[]) =>
    field.secret ? "[secret]" : shortened(path.length === 0 ? text : shown(value, path));
  return { problems: [...places].map(([place, path]) => advice(`${place}: found ${found(path)}.`, key, field)) };
}

function advice(mistake: string, key: string, { allowed, example, secret }: Field): string {
  const quoted = /^[\w.-]*$/.test(example) || example.startsWith("'") ? example : `'${example}'`;
  return `${mistake}\n  Allowed: ${allowed}.\n  Example: pulumi config set ${secret ? "--secret " : ""}${key} ${quoted}`;
}

function estateProblem(found: string | undefined, known: readonly string[]): string {
  const mistake = found === undefined ? "not set (which project this stack provisions)" : `found ${found}`;
  return `estate: ${mistake}.\n  Allowed: ${known.join(", ")}.\n  Example: pulumi config set estate ${known[0]}`;
}

const unknownKey = (key: string, fields: object) =>
  `${key}: there is no such setting.\n  Allowed: ${["estate", ...Object.keys(fields)].join(", ")}. Remove it: pulumi config rm ${key}`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `admins[0].keys` */
const placeOf = (key: string, path: readonly PropertyKey[]) =>
  path.reduce<string>((at, step) => (typeof step === "number" ? `${at}[${step}]` : `${at}.${String(step)}`), key);

function shown(value: unknown, path: readonly PropertyKey[]): string {
  const at = path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
  return at === undefined ? "nothing" : JSON.stringify(at);
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
