/** Something that others run: services refer to it, firewalls may admit it, the documentation lists it. */
export interface ThirdParty {
  readonly name: string;
  readonly url: string;
  readonly what: string;
  /** Its networks, where a firewall admits it: CIDR blocks, or the setting that lists them when only it can tell. */
  readonly networks?: readonly string[] | { readonly setting: string };
}
