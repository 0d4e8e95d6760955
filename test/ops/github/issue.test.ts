import { afterEach, describe, expect, it } from "vitest";
import { type KeptIssue, keepIssue } from "../../../ops/github/issue.ts";
import { repositoryFrom } from "../../../ops/github/repository.ts";
import { PATIENT } from "../../../ops/listings/retries.ts";
import { type FakeGitHub, fakeGitHub } from "./fake-github.ts";

let github: FakeGitHub | undefined;
const pauses: number[] = [];
const patience = { ...PATIENT, attempts: 3, timeout: 2, pause: async (seconds: number) => void pauses.push(seconds) };
const drift: KeptIssue = {
  key: "drift example/prod",
  label: "drift",
  title: "Drift in prod",
  body: "one thing differs",
  closing: "all is well",
  dryRun: false,
};
const marker = "<!-- foss-infra: drift example/prod -->";
const ours = { title: "Drift in prod", body: `${marker}\none thing differs` };

afterEach(async () => {
  pauses.length = 0;
  await github?.close();
});

async function keep(change: Partial<KeptIssue> = {}, issues: Parameters<typeof fakeGitHub>[0] = []): Promise<string> {
  github = await fakeGitHub(issues);
  return keepIssue(repositoryFrom(github.environment, patience), { ...drift, ...change });
}

const writes = () => github?.requests.filter((request) => !request.startsWith("GET "));

describe("the one issue of a stack", () => {
  it("is opened with its label and a marker that nobody sees", async () => {
    expect(await keep()).toBe("issue: opened #1");
    expect(github?.issues[0]).toMatchObject({ ...ours, labels: [{ name: "drift" }] });
  });

  it("is left alone when nothing changed, also after somebody saved it with other line ends", async () => {
    expect(await keep({}, [{ ...ours, body: `${ours.body.replace("\n", "\r\n")}\r\n` }])).toBe(
      "issue: #1 is up to date",
    );
    expect(writes()).toEqual([]);
  });

  it("is changed, without a comment, when something else differs", async () => {
    expect(await keep({ body: "two things differ" }, [ours])).toBe("issue: updated #1");
    expect(github?.issues[0]?.body).toBe(`${marker}\ntwo things differ`);
    expect(github?.comments).toEqual([]);
  });

  it("is closed with a word when nothing differs any more", async () => {
    expect(await keep({ body: undefined }, [ours])).toBe("issue: closed #1");
    expect(github?.issues[0]).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(github?.comments).toEqual([{ issue: 1, body: "all is well" }]);
  });

  it("is not needed when there is none and nothing differs", async () => {
    expect(await keep({ body: undefined })).toBe("issue: none open, none needed");
    expect(writes()).toEqual([]);
  });

  it("is a new one after the last was closed", async () => {
    expect(await keep({}, [{ ...ours, state: "closed" }])).toBe("issue: opened #2");
  });

  it("is found on a later page", async () => {
    expect(await keep({}, [...Array(130).fill({}), ours])).toBe("issue: #131 is up to date");
  });

  it("is the oldest of several; the others are closed", async () => {
    expect(await keep({}, [ours, ours])).toBe("issue: #1 is up to date; closed #2");
    expect(github?.issues.map(({ state }) => state)).toEqual(["open", "closed"]);
  });

  it.each([
    ["of another stack", { ...ours, body: "<!-- foss-infra: drift example/dev -->\nx" }],
    ["that quotes the marker", { ...ours, body: `I found ${marker}` }],
    ["without the label", { ...ours, labels: [] }],
    ["of a stranger", { ...ours, user: { type: "User" }, author_association: "NONE" }],
    ["that is a pull request", { ...ours, pull_request: {} }],
  ])("is not one %s", async (_, other) => {
    expect(await keep({}, [other])).toBe("issue: opened #2");
    expect(github?.issues[0]).toMatchObject(other);
  });

  it("can be rehearsed without sending anything", async () => {
    expect(await keep({ dryRun: true })).toBe("issue: opened one (dry run: nothing was sent)");
    expect(writes()).toEqual([]);
    await github?.close();
    expect(await keep({ dryRun: true, body: undefined }, [ours])).toContain("closed #1 (dry run");
    expect(writes()).toEqual([]);
  });

  it("is cut at a line when it is too long for GitHub", async () => {
    await keep({ body: "a line of text\n".repeat(9000) });
    const body = github?.issues[0]?.body ?? "";
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/a line of text\n\n… the rest does not fit into an issue\.\n$/);
  });

  it("has a marker that a stack's name cannot end", async () => {
    await keep({ key: "drift a/b --> <b>" });
    expect(github?.issues[0]?.body.split("\n")[0]).toBe("<!-- foss-infra: drift a/b -- -b- -->");
  });
});

describe("GitHub", () => {
  const reach = async (...faults: Parameters<FakeGitHub["fail"]>) => {
    github = await fakeGitHub();
    github.fail(...faults);
    return keepIssue(repositoryFrom(github.environment, patience), drift);
  };

  it("is asked again after a fault, and after as long as it says when there were too many requests", async () => {
    await reach({ status: 502 }, { status: 403, headers: { "retry-after": "5" } });
    expect(pauses).toEqual([1, 5]);
    expect(github?.issues).toHaveLength(1);
  });

  it("is not told twice to open an issue, as it may have heard the first time", async () => {
    github = await fakeGitHub();
    const repository = repositoryFrom(github.environment, patience);
    await keepIssue(repository, { ...drift, body: undefined });
    github.requests.length = 0;
    github.fail({ status: 200, body: "[]" }, { status: 502 });
    await expect(keepIssue(repository, drift)).rejects.toThrow(/POST \/issues was answered with 502/);
    expect(github.requests).toEqual(["GET /issues", "POST /issues"]);
  });

  it("is given up after a few attempts", async () => {
    await expect(reach(...Array(5).fill({ status: 500 }))).rejects.toMatchObject({ exit: 1 });
    expect(github?.requests).toHaveLength(3);
  });

  it.each([401, 403, 404])("that refuses (%i) makes the message name what to check", async (status) => {
    await expect(reach({ status })).rejects.toThrow(/issues: write.*GITHUB_REPOSITORY/);
    expect(github?.requests).toHaveLength(1);
  });

  it("that repeats the token does not bring it into the message", async () => {
    const error = await reach({ status: 422, body: '{"message":"bad a-token"}' }).catch((error: Error) => error);
    expect(error).toMatchObject({ message: expect.stringContaining("[token]") });
    expect(String(error)).not.toContain("a-token");
  });

  it("that answers in another form is not believed", async () => {
    await expect(reach({ status: 200, body: "<html>" })).rejects.toThrow(/another form/);
  });

  it.each([
    [{ GITHUB_REPOSITORY: "example" }, /GITHUB_REPOSITORY is "example"/],
    [{ GITHUB_REPOSITORY: "example/infra/../../x" }, /GITHUB_REPOSITORY/],
    [{ GITHUB_REPOSITORY: "example/infra" }, /GITHUB_TOKEN is not set/],
  ])("is not asked with %o", (environment, message) => {
    expect(() => repositoryFrom(environment)).toThrow(message);
  });
});
