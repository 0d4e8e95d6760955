import { describe, expect, it } from "vitest";
import { matchAll, type Outcome } from "../../../ops/adopt/match.ts";
import type { Wanted } from "../../../ops/adopt/wanted.ts";
import type { CloudName, Existing } from "../../../ops/listings/existing.ts";
import type { JsonObject } from "../../../ops/preview-json/json-value.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const TYPES: Record<string, string> = {
  Server: "hcloud:index/server:Server",
  PrimaryIp: "hcloud:index/primaryIp:PrimaryIp",
  Rdns: "hcloud:index/rdns:Rdns",
  Volume: "hcloud:index/volume:Volume",
  VolumeAttachment: "hcloud:index/volumeAttachment:VolumeAttachment",
  SshKey: "hcloud:index/sshKey:SshKey",
  Network: "hcloud:index/network:Network",
  ServerNetwork: "hcloud:index/serverNetwork:ServerNetwork",
  Droplet: "digitalocean:index/droplet:Droplet",
  ReservedIp: "digitalocean:index/reservedIp:ReservedIp",
  Zone: "cloudflare:index/zone:Zone",
  DnsRecord: "cloudflare:index/dnsRecord:DnsRecord",
};
const typeOf = (short: string) => TYPES[short] ?? expect.unreachable(short);

/** What the program wants: `[type, logical name, inputs, component]`; components of one name are different ones. */
type Wish = readonly [type: string, name: string, inputs?: JsonObject, component?: string];
/** What there is: `[type, id, traits]`. */
type Thing = readonly [type: string, id: string, traits: Existing["traits"]];

function match(wishes: readonly Wish[], things: readonly Thing[]): Record<string, Outcome> {
  const wanted = wishes.map(([short, name, inputs = {}, component]): Wanted => {
    const type = typeOf(short);
    const spec = { type, name };
    return { spec, type, name, parent: `${component ?? ""}/${short.length % 2}`, component, inputs };
  });
  const existing = things.map(([short, id, traits]): Existing => {
    const type = typeOf(short);
    const cloud = type.split(":")[0] as CloudName;
    return { cloud, type, id, importId: `import-${id}`, name: String(traits["name"] ?? id), traits, standalone: true };
  });
  return Object.fromEntries([...matchAll(wanted, existing)].map(([{ name }, outcome]) => [name, outcome]));
}

const matched = (id: string) => expect.objectContaining({ kind: "matched", importId: `import-${id}` });
const kind = (name: Outcome["kind"]) => expect.objectContaining({ kind: name });

describe("a resource with a name", () => {
  it("is what has that name, in whatever case", () => {
    const found = match(
      [["Server", "git-server", { name: "git" }]],
      [
        ["Server", "1", { name: "Git" }],
        ["Server", "2", { name: "git2" }],
      ],
    );
    expect(found["git-server"]).toEqual(matched("1"));
  });

  it("is never guessed when several have it", () => {
    const droplet = { name: "wiki.example.org", region: "fra1" };
    const found = match(
      [["Droplet", "wiki", droplet]],
      [
        ["Droplet", "1", droplet],
        ["Droplet", "2", droplet],
      ],
    );
    expect(found["wiki"]).toEqual({ kind: "ambiguous", candidates: ["wiki.example.org (1)", "wiki.example.org (2)"] });
  });

  it("is not taken twice", () => {
    const found = match(
      [
        ["Server", "one", { name: "git" }],
        ["Server", "two", { name: "git" }],
      ],
      [["Server", "1", { name: "git" }]],
    );
    expect(found["one"]).toEqual(kind("ambiguous"));
    expect(found["two"]).toEqual(found["one"]);
  });

  it("is new when nothing is like it", () => {
    expect(match([["Volume", "v", { name: "data" }]], [])["v"]).toMatchObject({
      kind: "absent",
      why: expect.stringContaining("name data"),
    });
  });
});

describe("a host with another name", () => {
  const wishes: Wish[] = [
    ["Server", "git-01-server", { name: "git-01" }, "git-01"],
    ["PrimaryIp", "git-01-ipv4", { name: "git-01-ipv4", type: "ipv4" }, "git-01"],
    ["Rdns", "git-01-ipv4-ptr", { dnsPtr: "git-01.example.org", ipAddress: UNKNOWN, primaryIpId: UNKNOWN }, "git-01"],
    ["Volume", "git-01-data", { name: "git-01-data" }, "git-01"],
    ["VolumeAttachment", "git-01-data-attachment", { serverId: UNKNOWN, volumeId: UNKNOWN }, "git-01"],
  ];
  const things: Thing[] = [
    ["Server", "1", { name: "old-git", addresses: ["203.0.113.1"] }],
    ["Server", "2", { name: "other", addresses: ["203.0.113.2"] }],
    [
      "PrimaryIp",
      "11",
      { name: "primary_ip-11", type: "ipv4", ip: "203.0.113.1", assigneeId: "1", dnsPtr: ["git-01.example.org"] },
    ],
    [
      "PrimaryIp",
      "12",
      { name: "primary_ip-12", type: "ipv4", ip: "203.0.113.2", assigneeId: "2", dnsPtr: ["x.example.org"] },
    ],
    ["Rdns", "p-11-203.0.113.1", { primaryIpId: "11", ipAddress: "203.0.113.1", dnsPtr: "git-01.example.org" }],
    ["Volume", "21", { name: "volume-1" }],
    ["VolumeAttachment", "21", { volumeId: "21", serverId: "1" }],
  ];

  it("is found by the reverse entry of its address; address, volume and attachment follow from it", () => {
    expect(match(wishes, things)).toEqual({
      "git-01-server": matched("1"),
      "git-01-ipv4": matched("11"),
      "git-01-ipv4-ptr": matched("p-11-203.0.113.1"),
      "git-01-data": matched("21"),
      "git-01-data-attachment": matched("21"),
    });
  });

  it("is found by its DNS record", () => {
    const record: Thing = [
      "DnsRecord",
      "r",
      { zoneId: "z", name: "git-01.example.org", type: "A", content: "203.0.113.2" },
    ];
    const withoutReverse = things.filter(([, id]) => id !== "11");
    expect(match(wishes, [...withoutReverse, record])["git-01-server"]).toEqual(matched("2"));
  });

  it("keeps out what belongs to a host that does not exist", () => {
    const found = match(
      wishes,
      things.filter(([type]) => type === "Volume" || type === "VolumeAttachment"),
    );
    expect(Object.values(found).map((outcome) => outcome.kind)).toEqual(Array(5).fill("absent"));
  });

  it("with two volumes has none that is clear", () => {
    const more: Thing[] = [
      ["Volume", "22", { name: "volume-2" }],
      ["VolumeAttachment", "22", { volumeId: "22", serverId: "1" }],
    ];
    expect(match(wishes, [...things, ...more])["git-01-data"]).toEqual(kind("ambiguous"));
  });

  it("has for IPv6 the reverse entry of the first address", () => {
    const ipv6: Wish[] = [
      ["PrimaryIp", "git-01-ipv6", { name: "git-01-ipv6", type: "ipv6" }, "git-01"],
      ["Rdns", "git-01-ipv6-ptr", { dnsPtr: "git-01.example.org", primaryIpId: UNKNOWN, ipAddress: UNKNOWN }, "git-01"],
    ];
    const existing: Thing[] = [
      ["PrimaryIp", "13", { name: "git-01-ipv6", type: "ipv6", ip: "2001:db8:1::/64", dnsPtr: [] }],
      ["Rdns", "a", { primaryIpId: "13", ipAddress: "2001:db8:1::1", dnsPtr: "x" }],
      ["Rdns", "b", { primaryIpId: "13", ipAddress: "2001:db8:1::25", dnsPtr: "y" }],
    ];
    expect(match([...wishes, ...ipv6], [...things, ...existing])["git-01-ipv6-ptr"]).toEqual(matched("a"));
  });

  it("on DigitalOcean has the reserved IP of its droplet, or a free one that DNS gives to it", () => {
    const droplet: Wish[] = [
      ["Droplet", "wiki-droplet", { name: "wiki.example.org", region: "fra1" }, "wiki"],
      ["ReservedIp", "wiki-ipv4", { region: "fra1" }, "wiki"],
    ];
    const there: Thing[] = [
      ["Droplet", "5", { name: "wiki.example.org", region: "fra1", addresses: ["198.51.100.1"] }],
      ["ReservedIp", "198.51.100.40", { ip: "198.51.100.40" }],
      ["ReservedIp", "198.51.100.41", { ip: "198.51.100.41" }],
    ];
    const record: Thing = [
      "DnsRecord",
      "r",
      { zoneId: "z", name: "wiki.example.org", type: "A", content: "198.51.100.41" },
    ];
    expect(match(droplet, there)["wiki-ipv4"]).toEqual(kind("absent"));
    expect(match(droplet, [...there, record])["wiki-ipv4"]).toEqual(matched("198.51.100.41"));
    const assigned: Thing = ["ReservedIp", "198.51.100.42", { ip: "198.51.100.42", dropletId: "5" }];
    expect(match(droplet, [...there, record, assigned])["wiki-ipv4"]).toEqual(matched("198.51.100.42"));
  });
});

describe("what must not be taken over", () => {
  it("is another key under the same name: that would replace it", () => {
    const key = { name: "alice-1", publicKey: "ssh-ed25519 AAAAnew alice@laptop" };
    const outcome = match(
      [["SshKey", "k", key]],
      [["SshKey", "1", { name: "alice-1", publicKey: "ssh-ed25519 AAAAold" }]],
    )["k"];
    expect(outcome).toMatchObject({ kind: "blocked", by: expect.stringContaining("alice-1 (1)") });
    expect(
      match([["SshKey", "k", key]], [["SshKey", "2", { name: "x", publicKey: "ssh-ed25519 AAAAnew other" }]])["k"],
    ).toEqual(matched("2"));
  });

  it("is an attachment to the network under another address: that would detach the server", () => {
    const wishes: Wish[] = [
      ["Server", "s", { name: "git" }, "git"],
      ["Network", "n", { name: "internal", ipRange: "10.0.0.0/16" }],
      ["ServerNetwork", "sn", { serverId: UNKNOWN, subnetId: UNKNOWN, ip: "10.0.0.11" }, "git"],
    ];
    const things = (ip: string): Thing[] => [
      ["Server", "1", { name: "git" }],
      ["Network", "9", { name: "internal", ipRange: "10.0.0.0/16" }],
      ["ServerNetwork", "1-9", { serverId: "1", networkId: "9", ip }],
    ];
    expect(match(wishes, things("10.0.0.11"))["sn"]).toEqual(matched("1-9"));
    expect(match(wishes, things("10.0.0.2"))["sn"]).toMatchObject({
      kind: "blocked",
      by: expect.stringContaining("10.0.0.2"),
    });
  });
});

describe("a DNS record", () => {
  const zone: Wish = ["Zone", "example.org-zone", { name: "example.org" }, "example.org"];
  const there: Thing = ["Zone", "z", { name: "example.org" }];
  const wish = (name: string, inputs: JsonObject): Wish => [
    "DnsRecord",
    name,
    { zoneId: UNKNOWN, name: "example.org", ...inputs },
    "example.org",
  ];
  const thing = (id: string, traits: Record<string, string>): Thing => [
    "DnsRecord",
    id,
    { zoneId: "z", name: "example.org", ...traits },
  ];
  const records = (wishes: Wish[], things: Thing[]) => match([zone, ...wishes], [there, ...things]);

  it.each([
    ["A", { type: "A", content: "192.0.2.1" }, { type: "A", content: "192.0.2.1" }],
    [
      "a name in another case and with a dot",
      { type: "CNAME", content: "a.example.net" },
      { type: "CNAME", content: "A.example.net." },
    ],
    ["a text in quotation marks", { type: "TXT", content: "v=spf1 -all" }, { type: "TXT", content: '"v=spf1 -all"' }],
    [
      "a long text in pieces",
      { type: "TXT", content: '"v=DKIM1; p=aaaabbbb"' },
      { type: "TXT", content: '"v=DKIM1; p=aaaa" "bbbb"' },
    ],
    [
      "CAA",
      { type: "CAA", data: { flags: 0, tag: "issue", value: "ca.example" } },
      { type: "CAA", content: '0 issue "ca.example"' },
    ],
    [
      "MX with its priority",
      { type: "MX", content: "mx.example.org", priority: 10 },
      { type: "MX", content: "mx.example.org", priority: "10" },
    ],
  ])("is recognised by its content: %s", (_, inputs, traits) => {
    const other = { ...traits, content: "other", priority: "20" };
    expect(records([wish("r", inputs)], [thing("1", traits), thing("2", other)])["r"]).toEqual(matched("1"));
  });

  it("whose content is known only later is the only one of its name and type", () => {
    const a = wish("r", { type: "A", content: UNKNOWN });
    expect(records([a], [thing("1", { type: "A", content: "192.0.2.9" })])["r"]).toEqual(matched("1"));
    const two = [thing("1", { type: "A", content: "192.0.2.9" }), thing("2", { type: "A", content: "192.0.2.8" })];
    expect(records([a], two)["r"]).toEqual(kind("ambiguous"));
  });

  it("takes what is left when the others of its name and type are recognised", () => {
    const wishes = [wish("one", { type: "A", content: "192.0.2.1" }), wish("two", { type: "A", content: UNKNOWN })];
    const things = [thing("1", { type: "A", content: "192.0.2.1" }), thing("2", { type: "A", content: "192.0.2.2" })];
    expect(records(wishes, things)).toMatchObject({ one: matched("1"), two: matched("2") });
  });

  it("takes a text of another content only when both are of one kind: a verification is not overwritten", () => {
    const spf = wish("spf", { type: "TXT", content: "v=spf1 include:relay.example -all" });
    const verification = thing("1", { type: "TXT", content: "example-site-verification=abc" });
    expect(records([spf], [verification])["spf"]).toEqual(kind("absent"));
    expect(records([spf], [verification, thing("2", { type: "TXT", content: "v=spf1 -all" })])["spf"]).toEqual(
      matched("2"),
    );
  });

  it("says what stands in its way: a CNAME tolerates nothing beside it", () => {
    const cname = thing("1", { type: "CNAME", content: "x.example.net" });
    expect(records([wish("r", { type: "A", content: UNKNOWN })], [cname])["r"]).toEqual(kind("blocked"));
    const address = thing("2", { type: "AAAA", content: "2001:db8::1" });
    expect(records([wish("r", { type: "CNAME", content: "x.example.net" })], [address])["r"]).toEqual(kind("blocked"));
  });

  it("belongs to the zone that ends its name, the longest of them", () => {
    const inner: Wish = ["Zone", "dev-zone", { name: "dev.example.org" }, "dev.example.org"];
    const things: Thing[] = [
      there,
      ["Zone", "d", { name: "dev.example.org" }],
      ["DnsRecord", "1", { zoneId: "z", name: "www.dev.example.org", type: "A", content: "192.0.2.1" }],
      ["DnsRecord", "2", { zoneId: "d", name: "www.dev.example.org", type: "A", content: "192.0.2.1" }],
    ];
    const record = wish("r", { name: "www.dev.example.org", type: "A", content: "192.0.2.1" });
    expect(match([zone, inner, record], things)["r"]).toEqual(matched("2"));
  });

  it("is new in a zone that is new", () => {
    expect(match([zone, wish("r", { type: "A", content: "192.0.2.1" })], [])["r"]).toEqual(kind("absent"));
  });
});
