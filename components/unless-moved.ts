import * as pulumi from "@pulumi/pulumi";

/** A property that the cloud sets at the creation and never changes again. */
export interface FixedProperty<T = pulumi.Output<string>> {
  /** What has it, such as `the volume of git-01`. */
  readonly of: string;
  /** `location` */
  readonly property: string;
  /** As the cloud has it. */
  readonly found: T;
  /** As the estate has it. */
  readonly wanted: string;
}

/**
 * `value`, provided that the estate still says of a volume, an address or a storage box what the cloud says. Another
 * place or name would mean another, empty one, and the old one deleted at the end. So resources that keep something
 * ignore such a change, and this refuses it, in the preview as in the deployment. No setting lifts it.
 */
export function unlessMoved<T>(value: pulumi.Input<T>, fixed: readonly FixedProperty[]): pulumi.Output<T> {
  const founds = pulumi.all(fixed.map(({ found }) => found));
  return pulumi.all([value, founds]).apply(([unwrapped, known]) => {
    refuseMove(fixed.map((each, index) => ({ ...each, found: known[index] ?? each.wanted })));
    return unwrapped as T;
  });
}

/** @throws RunError when something is not where, or not named as, the estate says */
export function refuseMove(fixed: readonly FixedProperty<string>[]): void {
  const mistakes = fixed.flatMap(({ of, property, found, wanted }) =>
    found === wanted
      ? []
      : [
          `The estate says ${property} ${wanted} of ${of}, but the cloud has it with ${property} ${found}. It cannot be changed there, and a new one would be empty.\n  Say ${found} again. To move a host with its data: docs/runbooks/move-a-host.md.`,
        ],
  );
  if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));
}
