import type { Redirect, Zone } from "../model/zone.ts";

/**
 * LEDE rejoined OpenWrt in 2018; its names lead to the same services, so that links and devices of that time keep
 * working. Its repositories answer under the old clone URL without a redirect (see the service `git`), and its mailing
 * lists were never ours: lists.infradead.org runs them.
 */
const LEDE = "lede-project.org";

type LedeName = typeof LEDE | `${string}.${typeof LEDE}`;

const redirects = [
  { from: LEDE, to: "https://openwrt.org" },
  { from: `www.${LEDE}`, to: "https://openwrt.org" },
  { from: `forum.${LEDE}`, to: "https://forum.openwrt.org" },
  { from: `bugs.${LEDE}`, to: "https://bugs.openwrt.org" },
  // Devices that were shipped with LEDE 17.01 fetch packages by plain http.
  { from: `downloads.${LEDE}`, to: "https://downloads.openwrt.org", keepScheme: true },
  { from: `release-builds.${LEDE}`, to: "https://release-builds.openwrt.org", keepScheme: true },
  // Two labels deep, so beyond the free certificate of the edge: the build farm's own web server answers.
  { from: `phase1.builds.${LEDE}`, to: "https://buildbot.openwrt.org/master/images", at: "buildbot" },
  { from: `phase2.builds.${LEDE}`, to: "https://buildbot.openwrt.org/master/packages", at: "buildbot" },
] as const satisfies readonly Redirect<LedeName, "buildbot">[];

export const lede = {
  yearlyFee: 15,
  redirects,
  note: "The pages name one annual charge of 20 to 40 euros for all domains; 15 a zone is our estimate.",
} as const satisfies Zone<LedeName, "buildbot">;
