import { describe, expect, test } from "vitest";
import type { Values } from "../../../rehearsal/provider.ts";
import { makeExamples } from "./examples.ts";
import { type Before, describeRefusedCreations, filled } from "./refused-creations.ts";
import { Rehearsed } from "./rehearsed.ts";

const record = (of: Before, rest: Values): Values => ({ zoneId: of("Zone").id, ttl: 300, ...rest });
const cache = (of: Before, rules: Values[], phase = "http_request_origin", action = "route"): Values => ({
  ...{ zoneId: of("Zone").id, name: "other", kind: "zone", phase },
  rules: rules.map((given) => ({ action, expression: "true", ...given })),
});

describeRefusedCreations("cloudflare", [
  [
    "a zone twice",
    "Zone",
    () => ({ account: { id: "a" }, name: "example.org" }),
    /name "example\.org" is already used by Zone/,
  ],
  ["a name that is no domain", "Zone", () => ({ account: { id: "a" }, name: "localhost" }), /is not a domain name/],
  [
    "a partial zone",
    "Zone",
    () => ({ account: { id: "a" }, name: "example.net", type: "partial" }),
    /not on the free plan/,
  ],
  [
    "a CNAME beside another record",
    "DnsRecord",
    (of) => record(of, { name: "git.example.org", type: "CNAME", content: "example.org" }),
    /git\.example\.org has a A record already.*\(81053\)/,
  ],
  [
    "an identical record",
    "DnsRecord",
    (of) => record(of, { name: "git.example.org", type: "A", content: "203.0.113.4" }),
    /identical A record.*\(81058\)/,
  ],
  [
    "a name outside the zone",
    "DnsRecord",
    (of) => record(of, { name: "git.example.net", type: "A", content: "203.0.113.4" }),
    /"git\.example\.net" is outside the zone "example\.org"/,
  ],
  [
    "a proxied TXT record",
    "DnsRecord",
    (of) => record(of, { name: "example.org", type: "TXT", content: '"x"', proxied: true, ttl: 1 }),
    /TXT record cannot be proxied/,
  ],
  [
    "a proxied record with a lifetime",
    "DnsRecord",
    (of) => record(of, { name: "a.example.org", type: "A", content: "203.0.113.4", proxied: true }),
    /proxied record has ttl 1/,
  ],
  [
    "a time to live that the plan does not have",
    "DnsRecord",
    (of) => record(of, { name: "t.example.org", type: "TXT", content: '"x"', ttl: 10 }),
    /ttl 10 is not 1 \(automatic\) or 60 to 86400 seconds/,
  ],
  [
    "a host name in an A record",
    "DnsRecord",
    (of) => record(of, { name: "a.example.org", type: "A", content: "example.org" }),
    /not an IPv4 address/,
  ],
  [
    "an MX record without priority",
    "DnsRecord",
    (of) => record(of, { name: "example.org", type: "MX", content: "mail.example.org" }),
    /needs a priority/,
  ],
  [
    "tags on records",
    "DnsRecord",
    (of) => record(of, { name: "a.example.org", type: "A", content: "203.0.113.4", tags: ["x:y"] }),
    /not on the free plan/,
  ],
  [
    "a second ruleset of a phase",
    "Ruleset",
    (of) => cache(of, [], "http_request_cache_settings"),
    /has a ruleset "cache" for phase http_request_cache_settings already/,
  ],
  [
    "11 rules",
    "Ruleset",
    (of) =>
      cache(
        of,
        filled(11, 1).map((n) => ({ ref: `r${n}` })),
      ),
    /takes 10 rules on the free plan, this ruleset has 11/,
  ],
  [
    "11 redirects",
    "Ruleset",
    (of) =>
      cache(
        of,
        filled(11, 1).map((n) => ({ ref: `r${n}` })),
        "http_request_dynamic_redirect",
        "redirect",
      ),
    /takes 10 rules/,
  ],
  [
    "a regular expression",
    "Ruleset",
    (of) => cache(of, [{ expression: 'http.request.uri.path matches "^/a"' }]),
    /rule 1 uses a regular expression; the free plan has none/,
  ],
  [
    "an expression of 4,097 characters",
    "Ruleset",
    (of) => cache(of, [{ expression: `http.host eq "${"x".repeat(4_082)}"` }]),
    /has 4097 characters, 4096 are allowed/,
  ],
  [
    "an expression without its parenthesis",
    "Ruleset",
    (of) => cache(of, [{ expression: '(http.host eq "a"' }]),
    /cannot be parsed/,
  ],
  ["a ref twice", "Ruleset", (of) => cache(of, [{ ref: "r" }, { ref: "r" }]), /two rules have the ref "r"/],
  [
    "another action than the phase's",
    "Ruleset",
    (of) => cache(of, [{ action: "block" }]),
    /has the action "block"; phase http_request_origin takes "route"/,
  ],
  [
    "a setting that there is not",
    "ZoneSetting",
    (of) => ({ zoneId: of("Zone").id, settingId: "polish", value: "lossy" }),
    /no setting "polish" on the free plan/,
  ],
  [
    "a value that a setting has not",
    "ZoneSetting",
    (of) => ({ zoneId: of("Zone").id, settingId: "ssl", value: "on" }),
    /setting "ssl" is off, flexible, full, strict/,
  ],
  ["regional tiered cache", "RegionalTieredCache", (of) => ({ zoneId: of("Zone").id, value: "on" }), /Enterprise/],
  [
    "a pre-signed zone",
    "ZoneDnssec",
    (of) => ({ zoneId: of("Zone").id, dnssecPresigned: true }),
    /only secondary zones/,
  ],
  [
    "an item of another kind",
    "ListItem",
    (of) => ({ accountId: "a", listId: of("List").id, ip: "203.0.113.1" }),
    /the list is of kind redirect/,
  ],
  ["a second list", "List", () => ({ accountId: "a", kind: "ip", name: "second" }), /maximum on the free plan/],
  [
    "a policy for a webhook that there is not",
    "NotificationPolicy",
    () => ({ accountId: "a", name: "n", alertType: "incident_alert", mechanisms: { webhooks: [{ id: "none" }] } }),
    /webhook none does not exist/,
  ],
  [
    "a record of no zone",
    "DnsRecord",
    () => ({ zoneId: "none", name: "a", type: "A", content: "203.0.113.1", ttl: 1 }),
    /zoneId refers to Zone none, which does not exist/,
  ],
]);

describe("cloudflare refuses", () => {
  test("an address of another record type beside a CNAME, but lets the zone's own name be flattened", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    await cloudflare.make(
      "DnsRecord",
      "www",
      record(of, { name: "www.example.org", type: "CNAME", content: "example.org" }),
    );
    await expect(
      cloudflare.make("DnsRecord", "t", record(of, { name: "www.example.org", type: "TXT", content: '"x"' })),
    ).rejects.toThrow(/has a CNAME record already.*\(81054\)/);
    await cloudflare.make(
      "DnsRecord",
      "apex",
      record(of, { name: "example.org", type: "CNAME", content: "host.example.net" }),
    );
    await cloudflare.make(
      "DnsRecord",
      "mx",
      record(of, { name: "example.org", type: "MX", content: "mail.example.org", priority: 10 }),
    );
    await expect(
      cloudflare.make("DnsRecord", "a", record(of, { name: "example.org", type: "A", content: "203.0.113.1" })),
    ).rejects.toThrow("(81054)");
  });

  test("nothing in a set of texts, nor in text that says matches", async () => {
    const cloudflare = new Rehearsed("cloudflare");
    const of = await makeExamples(cloudflare, "Zone");
    await cloudflare.make(
      "Ruleset",
      "r",
      cache(of, [
        { expression: '(http.host in {"a.example.org" "b.example.org"}) and http.request.uri.path ne "/matches~(/"' },
      ]),
    );
  });
});
