import { describe, expect, test } from "vitest";
import { estates } from "../../estates/estates.ts";
import { Mistakes } from "../../model/mistakes.ts";
import { parseSettings } from "../../model/parse-settings.ts";
import { FIELDS } from "../../model/setting-fields.ts";

/** Every required setting, from the examples that the messages give. */
const complete = {
  estate: "openwrt",
  admins: FIELDS.admins.example,
  adminNetworks: FIELDS.adminNetworks.example,
  alertEmails: FIELDS.alertEmails.example,
  cloudflareAccountId: FIELDS.cloudflareAccountId.example,
  mailRelay: FIELDS.mailRelay.example,
  dkim: FIELDS.dkim.example,
  storageBoxPassword: "[secret]",
};

function problems(raw: Record<string, string>): readonly string[] {
  try {
    parseSettings(raw, estates);
  } catch (error) {
    if (error instanceof Mistakes) return error.problems;
    throw error;
  }
  return [];
}

test("the examples in the messages are valid settings", () => {
  const { settings, estate } = parseSettings(complete, estates);
  expect(estate.name).toBe("openwrt");
  expect(settings).toMatchObject({ cdn: true, dmarc: "none", pools: { workers: 0 }, donations: [], unprotected: [] });
  for (const [key, { example }] of Object.entries(FIELDS))
    if (key !== "storageBoxPassword")
      expect(problems({ ...complete, [key]: example.replace(/^"|"$/g, "") }), key).toEqual([]);
});

test("a stack without the owners' settings lists each of them with the command that sets it", () => {
  const missing = problems({ estate: "openwrt" });
  expect(missing.map((message) => message.split(":")[0])).toEqual([
    "admins",
    "adminNetworks",
    "alertEmails",
    "cloudflareAccountId",
    "mailRelay",
    "dkim",
    "storageBoxPassword",
  ]);
  for (const message of missing)
    expect(message).toMatch(/not set \(.+\)\.\n {2}Allowed: .+\n {2}Example: pulumi config set (--secret )?\w+ .+/);
  expect(missing.at(-1)).toContain("pulumi config set --secret storageBoxPassword");
});

test("five mistakes give five messages, each with key, value found, what is allowed and an example", () => {
  const messages = problems({
    ...complete,
    extraWorkers: "3",
    cdn: "maybe",
    dmarc: "never",
    mailRelay: '{"host":"smtp.relay.example","port":25,"spf":"spf.relay.example"}',
    colour: "blue",
  });
  expect(messages).toHaveLength(5);
  expect(messages.join("\n")).toMatch(/mailRelay\.port: found 25/);
  expect(messages.join("\n")).toMatch(/extraWorkers: found 3\.\n {2}Allowed: a whole number from 0 to 2/);
  expect(messages.join("\n")).toMatch(/colour: there is no such setting/);
  for (const message of messages.slice(0, 4))
    expect(message).toMatch(/found .*\n {2}Allowed: .+\n {2}Example: pulumi config set/);
});

describe("refused are", () => {
  test.each([
    ["an unknown estate", { estate: "gentoo" }, "estate: found gentoo"],
    [
      "a private key in place of a public one",
      { admins: '[{"name":"alice","keys":["-----BEGIN OPENSSH PRIVATE KEY-----"],"groups":["infra"]}]' },
      "admins[0].keys[0]: found",
    ],
    ["a network that is everybody's", { adminNetworks: '["0.0.0.0/0"]' }, "adminNetworks: found"],
    ["no admin at all", { admins: "[]" }, "admins: found []"],
    ["text where a list belongs", { alertEmails: "someone" }, "alertEmails: found someone"],
    ["a truncated account id", { cloudflareAccountId: "0123" }, "cloudflareAccountId: found 0123"],
    ["a fraction of a server", { extraWorkers: "1.5" }, "extraWorkers: found 1.5"],
    [
      "a donated machine without an address",
      { donatedWorkers: '[{"name":"donor-01","owner":"x"}]' },
      "donatedWorkers[0].ipv4: found nothing",
    ],
    ["a reason that is none", { overBudget: "why not" }, "overBudget: found why not"],
  ])("%s", (_what, raw, message) => {
    expect(problems({ ...complete, ...raw }).join("\n")).toContain(message);
  });

  test("secrets without showing them", () => {
    for (const message of problems({ estate: "openwrt", storageBoxPassword: "hunter2" }))
      expect(message).not.toContain("hunter2");
  });
});

test("an account id of digits alone stays text", () => {
  const id = "12345678901234567890123456789012";
  expect(parseSettings({ ...complete, cloudflareAccountId: id }, estates).settings.cloudflareAccountId).toBe(id);
});
