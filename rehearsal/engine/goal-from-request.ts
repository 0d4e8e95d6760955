/** The registration that arrives over gRPC, as a goal. What the local engine can't do is refused here, by name. */

import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { fromStruct, fromWire } from "../grpc/wire.ts";
import type { Value } from "../provider.ts";
import type { Alias, Goal } from "./goal.ts";
import { isProviderType, urnOf } from "./urn.ts";

/** Names in a goal's URN. */
export interface Names {
  stack: string;
  project: string;
}

/** Throws `Unsupported` for options that the local engine does not implement. */
export function goalFromRequest(request: RegisterResourceRequest, names: Names): Goal {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  refuseUnsupported(request, `${type} "${name}"`);
  const inputs = fromStruct(request.getObject());
  const version = request.getVersion();
  const timeouts = request.getCustomtimeouts();
  return {
    urn: urnOf(names.stack, names.project, parent, type, name),
    type,
    name,
    custom: request.getCustom(),
    inputs: isProviderType(type) && version !== "" ? { ...inputs, version } : inputs,
    parent,
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, urns]) => [key, urns.getUrnsList()]),
    ),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: request.getReplaceWithList(),
    replacementTrigger: triggerOf(request),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    hideDiff: request.getHidediffsList(),
    customTimeouts: {
      ...duration("create", timeouts?.getCreate()),
      ...duration("update", timeouts?.getUpdate()),
      ...duration("delete", timeouts?.getDelete()),
    },
    importId: request.getImportid(),
    aliases: [...request.getAliasurnsList().map((urn) => ({ urn })), ...request.getAliasesList().map(alias)],
  };
}

/** Something that only the Pulumi CLI does. */
export class Unsupported extends Error {
  constructor(what: string) {
    super(`the local engine does not support ${what}: use the Pulumi CLI (--engine pulumi) for this program`);
  }
}

function refuseUnsupported(request: RegisterResourceRequest, resource: string): void {
  const hooks = request.getHooks();
  const used: [string, boolean][] = [
    ["remote components", request.getRemote()],
    ["the option transforms", request.getTransformsList().length > 0],
    ["the option stateMigrations", request.getStateMigrationsList().length > 0],
    ["parameterized packages", request.getPackageref() !== ""],
    ["resource hooks", hooks !== undefined && Object.values(hooks.toObject()).some((list) => list.length > 0)],
  ];
  for (const [what, isUsed] of used) if (isUsed) throw new Unsupported(`${what} (${resource})`);
}

function triggerOf(request: RegisterResourceRequest): Value | undefined {
  const trigger = request.getReplacementTrigger();
  return trigger && fromWire(trigger.toJavaScript());
}

function alias(message: AliasMessage): Alias {
  const spec = message.getSpec();
  if (!spec) return { urn: message.getUrn() };
  const parent = spec.hasNoparent() && spec.getNoparent() ? "" : spec.getParenturn() || undefined;
  return {
    ...(spec.getName() === "" ? {} : { name: spec.getName() }),
    ...(spec.getType() === "" ? {} : { type: spec.getType() }),
    ...(spec.getStack() === "" ? {} : { stack: spec.getStack() }),
    ...(spec.getProject() === "" ? {} : { project: spec.getProject() }),
    ...(parent === undefined ? {} : { parent }),
  };
}

const SECONDS = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const;

/** Go's notation: `1h30m`, `90s`, `1.5m`. */
function duration<Key extends string>(key: Key, text = ""): { [key in Key]?: number } {
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    seconds += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  return seconds > 0 ? ({ [key]: seconds } as { [key in Key]?: number }) : {};
}
