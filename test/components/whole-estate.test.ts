import { beforeAll, describe, expect, it } from "vitest";
import { isKnown, namesBehind, type Run, run, settled, UNKNOWN } from "./mock-engine.ts";
import { deployed, wholeEstate } from "./whole-estate.ts";

type Whole = Run<ReturnType<typeof wholeEstate>>;

describe.each([{ preview: false }, { preview: true }])("the components together, preview: $preview", ({ preview }) => {
  let whole: Whole;
  beforeAll(async () => {
    whole = preview ? await run(() => wholeEstate(), { preview }) : await deployed();
  });

  it("register the same resources under the same names", () => {
    expect(whole.resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(EXPECTED);
  });

  it("have all their children below them and named after them", () => {
    for (const { type, name, parent, parentType } of whole.resources)
      if (type.startsWith("foss-infra:")) expect(parent).toBeUndefined();
      else {
        expect(parentType).toMatch(/^foss-infra:(hetzner|digitalocean|cloudflare):[A-Z][A-Za-z]+$/);
        expect(name.startsWith(`${parent}-`)).toBe(true);
      }
  });

  it("put nothing of their arguments into the state, user data least of all", () => {
    for (const { type, inputs } of whole.resources) if (type.startsWith("foss-infra:")) expect(inputs).toEqual({});
    expect(whole.resource("git-01-server").inputs["userData"]).toEqual({ secret: "#cloud-config\nhostname: git-01\n" });
    expect(whole.resource("wiki-01-droplet").inputs["userData"]).toEqual({
      secret: "#cloud-config\nhostname: wiki-01\n",
    });
    expect(whole.resource("backup-box").inputs["password"]).toEqual({ secret: "Example-Passw0rd" });
  });

  it("wait for what they need and for nothing else", async () => {
    const { resource } = whole;
    expect(resource("example.org-git.example.org/A/host").dependencies).toEqual(["example.org-zone", "git-01-ipv4"]);
    expect(resource("example.org-git.example.org/AAAA/host").dependencies).toEqual(["example.org-zone", "git-01-ipv6"]);
    expect(resource("example.org-wiki.example.org/A/host").dependencies).toEqual(["example.org-zone", "wiki-01-ipv4"]);
    expect(resource("example.org-example.org/TXT/spf").dependencies).toEqual(["example.org-zone"]);
    expect(resource("git-01-ipv4-ptr").dependencies).toEqual(["git-01-ipv4"]);
    expect(resource("git-01-firewall").dependencies).toEqual(["build-01-ipv4", "build-01-ipv6", "wiki-01-droplet"]);
    expect(resource("build-01-firewall").dependencies).toEqual(["git-01-ipv4", "git-01-ipv6"]);
    expect(resource("wiki-01-firewall").dependencies).toEqual(["git-01-ipv4", "git-01-ipv6", "wiki-01-droplet"]);
    expect(resource("wiki-01-droplet").dependencies).toEqual([
      "example-key-alice-1",
      "example-key-bob-1",
      "example-vpc-fra1",
    ]);
    expect(resource("git-01-data").dependencies).toEqual([]);
    expect(resource("wiki-01-ipv4").dependencies).toEqual([]);
    expect(await namesBehind(whole.result.addresses.get("git-01")!.ipv6!)).toEqual(["git-01-ipv6"]);
  });

  it("never replace a server because a key, a firewall or an address of it was made again", () => {
    const { propertyDependencies, dependencies } = whole.resource("git-01-server");
    expect(dependencies).toEqual(expect.arrayContaining(["example-key-alice-1", "example-key-bob-1"]));
    for (const property of ["sshKeys", "userData", "image", "location"])
      expect(propertyDependencies[property] ?? []).toEqual([]);
  });

  it(`${preview ? "leave unknown what the clouds will give" : "know what the clouds gave"}`, async () => {
    const { addresses, dnsZone, box } = whole.result;
    const outputs = [
      addresses.get("git-01")!.ipv4,
      addresses.get("git-01")!.ipv6!,
      addresses.get("wiki-01")!.ipv4,
      addresses.get("wiki-01")!.egress4,
      dnsZone.nameServers,
      dnsZone.dsRecord!,
      box!.server,
    ];
    for (const output of outputs) expect(await isKnown(output)).toBe(!preview);
  });

  it("show a preview every source of a firewall that is known", () => {
    const rules = whole.resource("git-01-firewall").inputs["rules"] as { sourceIps: string[] }[];
    expect(rules[0]!.sourceIps).toEqual(["198.51.100.0/24", "2001:db8:1::7/128"]);
    expect(rules[1]!.sourceIps).toHaveLength(3);
    if (preview) expect(rules[1]!.sourceIps).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
    else
      for (const source of rules[1]!.sourceIps) expect(source).toMatch(/^192\.0\.2\.\d+\/32$|^203\.|^2001:.*::1\/128$/);
  });

  it("register a resource of each cloud without waiting for another cloud", () => {
    for (const cloud of ["hcloud:", "digitalocean:", "cloudflare:"])
      expect(
        whole.resources.some(({ type, dependencies }) => type.startsWith(cloud) && dependencies.length === 0),
      ).toBe(true);
  });
});

describe("the stack's outputs", () => {
  it("are the published addresses, the name servers and the DS record", async () => {
    const { result, resource } = await deployed();
    const aaaa = resource("example.org-git.example.org/AAAA/host").inputs["content"];
    expect(aaaa).toMatch(/^2001:db8:0:\d+::1$/);
    expect(resource("git-01-ipv6-ptr").inputs["ipAddress"]).toBe(aaaa);
    expect(await settled(result.addresses.get("git-01")!.ipv6!)).toBe(aaaa);
    expect(await settled(result.dnsZone.nameServers)).toEqual(["a.ns.example", "b.ns.example"]);
    expect(await settled(result.dnsZone.dsRecord!)).toMatch(/ IN DS /);
  });
});

/** The contract of components/README.md: types and names of everything that a small estate consists of. */
const EXPECTED = [
  "cloudflare:index/argoTieredCaching:ArgoTieredCaching example.org-tiered-caching",
  "cloudflare:index/dnsRecord:DnsRecord example.org-example.org/CAA/issue-letsencrypt.org",
  "cloudflare:index/dnsRecord:DnsRecord example.org-example.org/MX/mail",
  "cloudflare:index/dnsRecord:DnsRecord example.org-example.org/TXT/spf",
  "cloudflare:index/dnsRecord:DnsRecord example.org-git.example.org/A/host",
  "cloudflare:index/dnsRecord:DnsRecord example.org-git.example.org/AAAA/host",
  "cloudflare:index/dnsRecord:DnsRecord example.org-wiki.example.org/A/host",
  "cloudflare:index/ruleset:Ruleset example.org-cache-rules",
  "cloudflare:index/ruleset:Ruleset example.org-redirect-rules",
  "cloudflare:index/tieredCache:TieredCache example.org-tiered-cache",
  "cloudflare:index/urlNormalizationSettings:UrlNormalizationSettings example.org-url-normalization",
  "cloudflare:index/zone:Zone example.org-zone",
  "cloudflare:index/zoneDnssec:ZoneDnssec example.org-dnssec",
  "cloudflare:index/zoneSetting:ZoneSetting example.org-setting-browser_cache_ttl",
  "cloudflare:index/zoneSetting:ZoneSetting example.org-setting-ssl",
  "digitalocean:index/droplet:Droplet wiki-01-droplet",
  "digitalocean:index/firewall:Firewall wiki-01-firewall",
  "digitalocean:index/monitorAlert:MonitorAlert wiki-01-cpu",
  "digitalocean:index/monitorAlert:MonitorAlert wiki-01-disk",
  "digitalocean:index/monitorAlert:MonitorAlert wiki-01-memory",
  "digitalocean:index/project:Project example-project",
  "digitalocean:index/projectResources:ProjectResources wiki-01-project-resources",
  "digitalocean:index/reservedIp:ReservedIp wiki-01-ipv4",
  "digitalocean:index/reservedIpAssignment:ReservedIpAssignment wiki-01-ipv4-assignment",
  "digitalocean:index/sshKey:SshKey example-key-alice-1",
  "digitalocean:index/sshKey:SshKey example-key-bob-1",
  "digitalocean:index/uptimeAlert:UptimeAlert downloads-down",
  "digitalocean:index/uptimeAlert:UptimeAlert git-down",
  "digitalocean:index/uptimeAlert:UptimeAlert git-ssl-expiry",
  "digitalocean:index/uptimeCheck:UptimeCheck downloads-check",
  "digitalocean:index/uptimeCheck:UptimeCheck git-check",
  "digitalocean:index/volume:Volume wiki-01-data",
  "digitalocean:index/volumeAttachment:VolumeAttachment wiki-01-data-attachment",
  "digitalocean:index/vpc:Vpc example-vpc-fra1",
  "foss-infra:cloudflare:DnsZone example.org",
  "foss-infra:cloudflare:DownloadCdn example.org",
  "foss-infra:cloudflare:ZoneRedirects example.org",
  "foss-infra:digitalocean:Droplet wiki-01",
  "foss-infra:digitalocean:DropletFirewall wiki-01",
  "foss-infra:digitalocean:Project example",
  "foss-infra:digitalocean:UptimeWatch downloads",
  "foss-infra:digitalocean:UptimeWatch git",
  "foss-infra:hetzner:Addresses build-01",
  "foss-infra:hetzner:Addresses git-01",
  "foss-infra:hetzner:Project example",
  "foss-infra:hetzner:Server build-01",
  "foss-infra:hetzner:Server git-01",
  "foss-infra:hetzner:StorageBox backup",
  "hcloud:index/firewall:Firewall build-01-firewall",
  "hcloud:index/firewall:Firewall git-01-firewall",
  "hcloud:index/network:Network example-network",
  "hcloud:index/networkSubnet:NetworkSubnet example-subnet",
  "hcloud:index/placementGroup:PlacementGroup example-placement",
  "hcloud:index/primaryIp:PrimaryIp build-01-ipv4",
  "hcloud:index/primaryIp:PrimaryIp build-01-ipv6",
  "hcloud:index/primaryIp:PrimaryIp git-01-ipv4",
  "hcloud:index/primaryIp:PrimaryIp git-01-ipv6",
  "hcloud:index/rdns:Rdns build-01-ipv4-ptr",
  "hcloud:index/rdns:Rdns build-01-ipv6-ptr",
  "hcloud:index/rdns:Rdns git-01-ipv4-ptr",
  "hcloud:index/rdns:Rdns git-01-ipv6-ptr",
  "hcloud:index/server:Server build-01-server",
  "hcloud:index/server:Server git-01-server",
  "hcloud:index/serverNetwork:ServerNetwork build-01-private",
  "hcloud:index/serverNetwork:ServerNetwork git-01-private",
  "hcloud:index/sshKey:SshKey example-key-alice-1",
  "hcloud:index/sshKey:SshKey example-key-bob-1",
  "hcloud:index/storageBox:StorageBox backup-box",
  "hcloud:index/volume:Volume git-01-data",
  "hcloud:index/volumeAttachment:VolumeAttachment git-01-data-attachment",
];
