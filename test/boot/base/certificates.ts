import assert from "node:assert/strict";
import type { HostContext, RoleFiles } from "../../../model/host-configuration.ts";
import { hostBundle } from "../../../roles/bundle.ts";
import { webRole } from "../../../roles/web/role.ts";
import { site } from "../../../roles/web/site.ts";
import type { Container } from "../container.ts";
import { applied, until } from "./again.ts";
import { output } from "./facts.ts";
import { server } from "./hosts.ts";
import type { Subject } from "./suite.ts";

const NAME = "www.example.org";

const context: HostContext = {
  host: server,
  webNames: [{ name: NAME, proxied: false, plainHttp: false, moved: [] }],
  peers: () => [],
  nameOf: () => undefined,
  uploads: [],
  cdn: false,
  mailRelay: undefined,
  alertEmails: ["oncall@example.net"],
};

const page: RoleFiles = {
  role: "page",
  packages: [],
  files: [
    { path: "/usr/local/lib/roles/page/apply", mode: "0755", owner: "root:root", content: "#!/bin/sh\n" },
    site(NAME, "page", ['location = / { return 200 "hello"; }']),
  ],
};

/** Those of a web server, and pebble: the test server of Let's Encrypt's authors. */
export const CERTIFICATE_PACKAGES: readonly string[] = [...webRole(context).packages, "pebble"];

/** How a name of the host gets its certificate, from an authority that runs on the host itself. */
export async function certificateFacts({ lab, container, configuration }: Subject): Promise<void> {
  const is = (fact: string, holds: () => Promise<unknown>) => lab.check(configuration.host, fact, holds);
  const shell = (script: string) => output(container, "sh", "-euc", script);
  const certificate = `openssl s_client -connect 127.0.0.1:443 -servername ${NAME} </dev/null 2>/dev/null | openssl x509 -noout`;
  const served = async () => {
    const text = await shell(`${certificate} -issuer -serial`);
    const [issuer = "", serial = ""] = text.split("\n");
    return { issuer, serial };
  };
  const checked = async () => (await container.exec(["/usr/local/sbin/check-roles"])).stdout;
  const bundle = hostBundle(configuration, [page, webRole(context)]);
  await authoritySettings(container);

  await is(
    "a name is served with a certificate of its own before any authority answers, and nothing fails",
    async () => {
      await applied(container, bundle);
      await shell("systemctl start certificates.service");
      assert.match((await served()).issuer, new RegExp(`CN ?= ?${NAME}`));
      assert.equal(await shell(`curl -sk --resolve ${NAME}:443:127.0.0.1 https://${NAME}/`), "hello");
      const lines = await checked();
      assert.doesNotMatch(lines, /^failed/m);
      assert.match(lines, /^note web: www\.example\.org signs its certificate itself/m);
    },
  );

  await startAuthority(container);
  let first = "";
  await is("an authority that reaches it gives it one, and nginx serves that at once", async () => {
    await shell("systemctl start certificates.service");
    // It takes new processes for new connections, and a reload does not wait for them.
    await until(container, `${certificate} -issuer | grep -q Pebble`);
    first = (await served()).serial;
    const lines = await checked();
    assert.match(lines, /^ok web: www\.example\.org answers$/m);
    assert.doesNotMatch(lines, /^(failed|note)/m);
  });
  let second = "";
  await is("its timer renews it in its last month, and nginx serves the new one", async () => {
    const timer = "[Timer]\nOnCalendar=\nOnActiveSec=\nOnActiveSec=1s\nRandomizedDelaySec=0\n";
    const folder = "/etc/systemd/system/certificates.timer.d";
    await shell(`mkdir -p ${folder}; printf '${timer}' >${folder}/test.conf; systemctl daemon-reload`);
    await shell("systemctl restart certificates.timer");
    await until(container, `[ "$(${certificate} -serial)" != '${first}' ]`);
    second = (await served()).serial;
    assert.match((await served()).issuer, /Pebble/);
    await shell(`rm -r ${folder}; systemctl daemon-reload; systemctl restart certificates.timer`);
  });
  await is(
    "while the authority is away it keeps the one that it has, and nothing fails before its last two weeks",
    async () => {
      await shell("until ! systemctl --quiet is-active certificates.service; do sleep 0.2; done");
      second = (await served()).serial;
      await shell("systemctl stop acme.service; systemctl start certificates.service");
      assert.match(await shell("journalctl -q -u certificates.service -o cat"), /its certificate could not be renewed/);
      assert.equal((await served()).serial, second);
      assert.doesNotMatch(await checked(), /^failed/m);
    },
  );
  await is("keys are root's alone", async () => {
    const keys = "find /var/lib/web/tls /var/lib/web/lego -type f -readable";
    assert.match(await shell(keys), /www\.example\.org\.key/);
    assert.equal((await container.exec(["runuser", "-u", "www-data", "--", "sh", "-c", keys])).stdout, "");
  });
}

/** What an admin sets for another authority: its directory, and whom it is trusted for. */
const authoritySettings = (container: Container) =>
  output(
    container,
    "sh",
    "-euc",
    `mkdir -p /etc/acme
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=authority \
  -addext subjectAltName=IP:127.0.0.1 -keyout /etc/acme/key.pem -out /etc/acme/certificate.pem 2>/dev/null
echo '127.0.0.1 ${NAME}' >>/etc/hosts
printf 'ACME_DIRECTORY=https://127.0.0.1:14000/dir\\nLEGO_CA_CERTIFICATES=/etc/acme/certificate.pem\\n' >/etc/default/certificates`,
  );

/** Its certificates last 20 days: a month before their end, they are to be renewed. */
const startAuthority = (container: Container) =>
  output(
    container,
    "sh",
    "-euc",
    `DEBIAN_FRONTEND=noninteractive apt-get -qq -y install pebble
cat >/etc/acme/pebble.json <<'='
${JSON.stringify({
  pebble: {
    listenAddress: "127.0.0.1:14000",
    managementListenAddress: "127.0.0.1:15000",
    certificate: "/etc/acme/certificate.pem",
    privateKey: "/etc/acme/key.pem",
    httpPort: 80,
    tlsPort: 443,
    certificateValidityPeriod: 20 * 86_400,
  },
})}
=
systemd-run --quiet --unit=acme --setenv=PEBBLE_VA_NOSLEEP=1 --setenv=PEBBLE_WFE_NONCEREJECT=0 \
  pebble -config /etc/acme/pebble.json
timeout 30 sh -c 'until curl -sk --output /dev/null https://127.0.0.1:14000/dir; do sleep 0.2; done'`,
  );
