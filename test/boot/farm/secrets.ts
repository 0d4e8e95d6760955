import { type SigningKey, signingKeys } from "./signing-keys.ts";

/** What converging delivers, host by host, and what it is made of. */
export interface Secrets {
  readonly workers: typeof WORKERS;
  readonly uploads: typeof UPLOADS;
  readonly keyOf: (branch: "master" | "19.07") => SigningKey;
  /** The master's, with the passwords of these workers. */
  readonly master: (...workers: (keyof typeof WORKERS)[]) => Readonly<Record<string, string>>;
  readonly downloads: Readonly<Record<string, string>>;
  /** A worker's. */
  readonly worker: (password: string, certificate: string) => Readonly<Record<string, string>>;
}

const WORKERS = { "build-01": "first worker's", "build-02": "second worker's", "donor-01": "donor's" };
const UPLOADS = { master: "snapshots' own", "19.07": "releases' own" };

export function secrets(deployKey: string): Secrets {
  const keys = signingKeys(["master", "19.07"]);
  const lines = (pairs: Readonly<Record<string, string>>) =>
    Object.entries(pairs)
      .map(([user, password]) => `${user}:${password}\n`)
      .join("");
  return {
    workers: WORKERS,
    uploads: UPLOADS,
    keyOf: (branch) => keys.find((each) => each.branch === branch) as SigningKey,
    master: (...workers) => ({
      "buildbot-master/worker-passwords": workers.map((name) => `${name}:${WORKERS[name]}\n`).join(""),
      "buildbot-master/upload-passwords": lines(UPLOADS),
      "buildbot-master/web-passwords": "carol:maintains\n",
      ...Object.fromEntries(keys.map(({ branch, secret }) => [`buildbot-master/signing-key-${branch}`, secret])),
    }),
    downloads: {
      "downloads/upload-passwords": lines({ ...UPLOADS, sources: "sources' own" }),
      "git/mirror-deploy-keys": `repository firmware\n${deployKey}`,
    },
    worker: (password, certificate) => ({
      "buildbot-worker/worker-password": `${password}\n`,
      "buildbot-worker/master-certificate": certificate,
    }),
  };
}
