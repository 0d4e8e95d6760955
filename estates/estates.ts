import type { Estate } from "../model/estate.ts";
import { openwrt } from "./openwrt.ts";
import { rdo } from "./rdo.ts";

/** The estates that this program can provision, by the name that the setting `estate` gives. */
export const estates: Readonly<Record<string, Estate>> = { openwrt, rdo };
