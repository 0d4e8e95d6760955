/**
 * Writes `<cloud>.json` beside this file: what the typings of the Pulumi packages say about the simulated resources.
 * Run it after an upgrade of a package or when a resource type is added: `node rehearsal/clouds/schema/extract-schema.ts`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { CloudSchema, ResourceSchema, TypeName } from "./cloud-schema.ts";

const SIMULATED: Record<string, readonly string[]> = {
  hcloud: [
    "Firewall",
    "FirewallAttachment",
    "Network",
    "NetworkSubnet",
    "PlacementGroup",
    "PrimaryIp",
    "Rdns",
    "Server",
    "ServerNetwork",
    "Snapshot",
    "SshKey",
    "StorageBox",
    "StorageBoxSubaccount",
    "Volume",
    "VolumeAttachment",
  ],
  digitalocean: [
    "Droplet",
    "Firewall",
    "MonitorAlert",
    "Project",
    "ProjectResources",
    "ReservedIp",
    "ReservedIpAssignment",
    "SpacesBucket",
    "SshKey",
    "Tag",
    "UptimeAlert",
    "UptimeCheck",
    "Volume",
    "VolumeAttachment",
    "Vpc",
  ],
  cloudflare: [
    "ArgoTieredCaching",
    "DnsRecord",
    "EmailRoutingSettings",
    "List",
    "ListItem",
    "NotificationPolicy",
    "NotificationPolicyWebhooks",
    "R2Bucket",
    "RegionalTieredCache",
    "Ruleset",
    "TieredCache",
    "UrlNormalizationSettings",
    "Zone",
    "ZoneDnssec",
    "ZoneSetting",
  ],
};

/** The schema of one cloud, read from the installed package `@pulumi/<cloud>`. */
export function extractSchema(cloud: string): CloudSchema {
  const folder = dirname(createRequire(import.meta.url).resolve(`@pulumi/${cloud}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const nested = interfacesOf(join(folder, "types/input.d.ts"));
  const types: CloudSchema["types"] = {};
  const need = (name: TypeName): void => {
    const type = name.replace(/[[\]{}]/g, "");
    const declared = nested.get(type);
    if (declared === undefined || types[type] !== undefined) return;
    const properties = propertiesOf(declared);
    types[type] = properties;
    for (const inner of Object.values(properties)) need(inner);
  };
  const resources: CloudSchema["resources"] = {};
  for (const name of SIMULATED[cloud] ?? []) {
    const file = [name[0]?.toLowerCase() + name.slice(1), name.toLowerCase()].find((base) =>
      existsSync(join(folder, `${base}.d.ts`)),
    );
    if (file === undefined) throw new Error(`@pulumi/${cloud} has no resource ${name}.`);
    const declared = interfacesOf(join(folder, `${file}.d.ts`));
    const [args, state] = [declared.get(`${name}Args`), declared.get(`${name}State`)];
    const token = /__pulumiType = '([^']+)'/.exec(readFileSync(join(folder, `${file}.js`), "utf8"))?.[1];
    if (args === undefined || state === undefined || token === undefined)
      throw new Error(`@pulumi/${cloud}/${file} does not declare ${name} as expected.`);
    const resource: ResourceSchema = { token, inputs: propertiesOf(args), outputs: propertyNames(state) };
    resources[name] = resource;
    for (const inner of Object.values(resource.inputs)) need(inner);
  }
  const provider = interfacesOf(join(folder, "provider.d.ts")).get("ProviderArgs");
  return { version, config: provider ? propertyNames(provider) : [], resources, types: sorted(types) };
}

function interfacesOf(file: string): Map<string, ts.InterfaceDeclaration> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
  const found = new Map<string, ts.InterfaceDeclaration>();
  for (const statement of source.statements)
    if (ts.isInterfaceDeclaration(statement)) found.set(statement.name.text, statement);
  return found;
}

const membersOf = (declared: ts.InterfaceDeclaration) =>
  declared.members.filter(ts.isPropertySignature).map((member) => ({
    name: ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : "",
    optional: member.questionToken !== undefined,
    type: member.type,
  }));

const propertyNames = (declared: ts.InterfaceDeclaration): string[] => membersOf(declared).map(({ name }) => name);

function propertiesOf(declared: ts.InterfaceDeclaration): Record<string, TypeName> {
  return Object.fromEntries(
    membersOf(declared).map(({ name, optional, type }) => [`${name}${optional ? "?" : ""}`, typeName(type)]),
  );
}

/** `pulumi.Input<pulumi.Input<number>[] | undefined>` becomes `[number]`. */
function typeName(node: ts.TypeNode | undefined): TypeName {
  if (node === undefined) return "any";
  if (ts.isParenthesizedTypeNode(node)) return typeName(node.type);
  if (ts.isArrayTypeNode(node)) return `[${typeName(node.elementType)}]`;
  if (ts.isUnionTypeNode(node)) {
    const named = node.types.map(typeName).filter((name) => name !== "undefined");
    return named[0] ?? "any";
  }
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return `{${typeName(index?.type)}}`;
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = ts.isQualifiedName(node.typeName) ? node.typeName.right.text : node.typeName.text;
    if (name === "Input") return typeName(node.typeArguments?.[0]);
    if (ts.isQualifiedName(node.typeName) && ts.isIdentifier(node.typeName.left))
      return node.typeName.left.text === "inputs" ? name : "string";
    return name;
  }
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return "string";
    case ts.SyntaxKind.NumberKeyword:
      return "number";
    case ts.SyntaxKind.BooleanKeyword:
      return "boolean";
    case ts.SyntaxKind.UndefinedKeyword:
      return "undefined";
    default:
      return "any";
  }
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

if (import.meta.main)
  for (const cloud of Object.keys(SIMULATED))
    writeFileSync(new URL(`${cloud}.json`, import.meta.url), `${JSON.stringify(extractSchema(cloud), undefined, 2)}\n`);
