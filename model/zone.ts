/** A zone of the DNS that the estate owns. */
export interface Zone<N extends string = string, ServiceId extends string = string> {
  /** EUR per year at the registrar, who stands outside the program; listed with the costs. */
  readonly yearlyFee: number;
  /** Domains that send or receive mail. All others of the zone refuse mail. */
  readonly mail?: Readonly<Partial<Record<N, MailDomain<ServiceId>>>>;
  /** Names that only redirect. */
  readonly redirects?: readonly Redirect<N, ServiceId>[];
  /** Records of third parties (site verifications and the like). */
  readonly records?: readonly ForeignRecord<N>[];
  readonly note?: string;
}

/** The service whose host is the MX, or a domain in whose name services send through the relay, which takes bounces. */
export type MailDomain<ServiceId extends string = string> = { readonly mx: ServiceId } | { readonly sendsOnly: true };

/**
 * A name whose every URL moved. Answered at Cloudflare's edge (`at` left out) or, for a name that its free certificate
 * does not cover, by the web server of a service.
 */
export interface Redirect<N extends string = string, ServiceId extends string = string> {
  readonly from: N;
  /** Only URLs whose path begins so; by default all of the name. */
  readonly path?: `/${string}`;
  /** URL that replaces scheme, name and prefix: what follows is kept, query included. */
  readonly to: `https://${string}`;
  /** http stays http: for names that devices without TLS ask for. Only for redirects of whole names. */
  readonly keepScheme?: true;
  readonly at?: ServiceId;
}

export interface ForeignRecord<N extends string = string> {
  readonly name: N;
  readonly type: "TXT" | "CNAME";
  readonly content: string;
  readonly purpose: string;
}
