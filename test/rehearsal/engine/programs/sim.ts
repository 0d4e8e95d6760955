import * as pulumi from "@pulumi/pulumi";

export interface ThingArgs {
  name: string;
  size?: pulumi.Input<number>;
  zone?: string;
  note?: pulumi.Input<string>;
}

export class Thing extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  constructor(args: ThingArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("sim:index:Thing", args.name, { ...args, address: undefined }, { version: "1.0.0", ...opts });
  }
}
