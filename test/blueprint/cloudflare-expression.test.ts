import { describe, expect, test } from "vitest";
import { edgeRequest, matches, textOf } from "./cloudflare-expression.ts";

const request = edgeRequest("https://Files.Example.org/pub/a.tar.gz?x=1");

describe("the evaluator of Cloudflare expressions", () => {
  test.each([
    ['http.host eq "files.example.org"', false],
    ['lower(http.host) eq "files.example.org"', true],
    ['lower(http.host) in {"a.example" "files.example.org"}', true],
    ['http.request.uri.path contains "/PUB/"', false],
    ['ends_with(http.request.uri.path, ".gz")', true],
    ["ssl", true],
    ["not ssl", false],
    ['http.request.method ne "POST"', true],
    ['http.request.full_uri eq "https://Files.Example.org/pub/a.tar.gz?x=1"', true],
    ['substring(http.request.uri.path, 1, 4) eq "pub"', true],
    ['substring(http.request.uri.path, -2) eq "gz"', true],
    ['substring(http.request.uri.path, 90, 91) in {"0" "1"}', false],
    ['http.request.uri.path eq "quote\\"and\\\\slash"', false],
  ])("evaluates %s as documented", (expression, expected) => {
    expect(matches(expression, request)).toBe(expected);
  });

  test("binds not before and before or", () => {
    expect(matches("not ssl and not ssl or ssl", request)).toBe(true);
    expect(matches("not ssl and (not ssl or ssl)", request)).toBe(false);
    expect(matches('not http.host eq "a" and ssl', request)).toBe(true);
  });

  test("concatenates texts for the target of a redirect", () => {
    expect(textOf('concat("https://b.example", substring(http.request.uri.path, 4))', request)).toBe(
      "https://b.example/a.tar.gz",
    );
  });

  test.each([
    'http.request.uri.path matches "^/a"',
    'regex_replace(http.request.uri.path, "a", "b")',
    'http.cookie contains "a"',
    "ssl xor ssl",
    "ssl AND ssl",
    "ssl ssl",
    "(ssl",
    'http.host == "a"',
    "http.host in {}",
    "http.host in {1}",
    '"a" eq "a"',
    'starts_with("a", "b")',
    "lower(http.host, http.host)",
    'substring(lower(http.host), 1) eq "a"',
    'http.host eq r"raw"',
    'http.host eq "bad \\n escape"',
    "http.host and ssl",
    `http.host in {${'"a" '.repeat(1_100)}}`,
  ])("refuses %s", (expression) => {
    expect(() => matches(expression, request)).toThrow();
  });

  test("does not take a text for a condition, nor a condition for a text", () => {
    expect(() => matches("http.host", request)).toThrow("not a condition");
    expect(() => textOf("ssl", request)).toThrow("not a text");
  });

  test.each([
    ["/a//b\\c", "/a/b/c"],
    ["/%68ello%2d", "/hello-"],
    ["/a%2fb%5c", "/a%2Fb%5C"],
    ["/a/../b/./c/..", "/b/"],
    ["/a/%2e%2e/b", "/b"],
    ["/../..", "/"],
    ['/ü"', "/%C3%BC%22"],
    ["", "/"],
  ])("normalises the path %s as zones do by default", (path, expected) => {
    expect(edgeRequest(`http://a.example${path}`).path).toBe(expected);
  });
});
