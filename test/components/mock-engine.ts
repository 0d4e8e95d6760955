import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** What stands in registered inputs for a value that a preview does not know, and around a secret. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** A registration as the engine sees it, options included. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; undefined for the top of the stack. */
  readonly parent: string | undefined;
  readonly parentType: string | undefined;
  /** Secrets as `{ secret: … }`, what is not known as `UNKNOWN`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  /** Undefined: the provider may ask for it. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Names of the resources that it waits for. */
  readonly dependencies: readonly string[];
  /** Names of the resources whose replacement would change a property. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Run<T> {
  readonly resources: readonly Registration[];
  readonly result: T;
  /** The one resource of that name that is no component. */
  resource(name: string): Registration;
}

/** Runs a program against mocks: everything it registers, in order, and what it returns. */
export async function run<T>(program: () => T, { preview = false }: { preview?: boolean } = {}): Promise<Run<T>> {
  const resources: Registration[] = [];
  const prototype = MockMonitor.prototype;
  const original = prototype.registerResource;
  prototype.registerResource = function (request: RegisterResourceRequest, callback) {
    if (request.getType() !== "pulumi:pulumi:Stack") resources.push(registration(request));
    return original.call(this, request, callback);
  };
  let outcome: { result: T } | { failure: unknown } | undefined;
  try {
    await pulumi.runtime.setMocks(cloud(preview), "foss-infra", "test", preview);
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        outcome = { result: program() };
      } catch (failure) {
        outcome = { failure };
      }
    });
    // Waits for the registrations that are still under way.
    await pulumi.runtime.disconnect();
  } finally {
    prototype.registerResource = original;
  }
  if (outcome === undefined || "failure" in outcome) throw outcome?.failure;
  return {
    resources,
    result: outcome.result,
    resource(name) {
      const found = resources.filter((each) => each.name === name && !each.type.startsWith("foss-infra:"));
      if (found.length !== 1)
        throw new Error(
          `${found.length} resources are named ${name}: ${resources.map((each) => each.name).join(", ")}`,
        );
      return found[0]!;
    },
  };
}

/** Settles an output; fails where `apply` would never run. */
export const settled = <T>(output: pulumi.Input<T>): Promise<T> =>
  (pulumi.output(output) as unknown as { promise(): Promise<T> }).promise();

/** Whether a preview knows the value. */
export const isKnown = (output: pulumi.Output<unknown>): Promise<boolean> =>
  (output as unknown as { isKnown: Promise<boolean> }).isKnown;

/** The resources that an output waits for. */
export async function namesBehind(output: pulumi.Output<unknown>): Promise<string[]> {
  const resources = await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
  const urns = await Promise.all([...resources].map(({ urn }) => settled(urn)));
  return urns.map(nameOf).sort();
}

/** Gives what the clouds would: numeric ids where they are numbers, one address per resource. A preview gives nothing. */
function cloud(preview: boolean): pulumi.runtime.Mocks {
  let next = 100;
  return {
    newResource({ type, inputs }) {
      if (preview) return { id: undefined, state: { ...inputs } };
      next += 1;
      return { id: String(next), state: { ...inputs, ...outputs(type, inputs, next) } };
    },
    call: ({ inputs }) => inputs,
  };
}

function outputs(type: string, inputs: Record<string, unknown>, n: number): Record<string, unknown> {
  switch (type) {
    case "hcloud:index/primaryIp:PrimaryIp":
      return inputs["type"] === "ipv6"
        ? { ipAddress: `2001:db8:0:${n}::`, ipNetwork: `2001:db8:0:${n}::/64` }
        : { ipAddress: `203.0.113.${n}` };
    case "hcloud:index/storageBox:StorageBox":
      return { server: "u100.your-storagebox.example", username: "u100" };
    case "digitalocean:index/reservedIp:ReservedIp":
      return { ipAddress: `198.51.100.${n}` };
    case "digitalocean:index/droplet:Droplet":
      return { ipv4Address: `192.0.2.${n}`, dropletUrn: `do:droplet:${n}` };
    case "digitalocean:index/volume:Volume":
      return { volumeUrn: `do:volume:${n}` };
    case "cloudflare:index/zone:Zone":
      return { nameServers: ["a.ns.example", "b.ns.example"] };
    case "cloudflare:index/zoneDnssec:ZoneDnssec":
      return { ds: "example.org. 3600 IN DS 2371 13 2 ABCD" };
    default:
      return {};
  }
}

function registration(request: RegisterResourceRequest): Registration {
  const parent = request.getParent();
  const isStack = parent === "" || parent.includes("pulumi:pulumi:Stack::");
  const properties: [string, string[]][] = [];
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    properties.push([property, dependencies.getUrnsList().map(nameOf).sort()]);
  });
  return {
    type: request.getType(),
    name: request.getName(),
    parent: isStack ? undefined : nameOf(parent),
    parentType: isStack ? undefined : parent.split("::")[2]?.split("$").at(-1),
    inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    protect: request.getProtect(),
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    dependencies: request.getDependenciesList().map(nameOf).sort(),
    propertyDependencies: Object.fromEntries(properties),
  };
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if (Object.values(value).includes(SECRET_SIGNATURE)) return { secret: readable(Reflect.get(value, "value")) };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each)]));
}
