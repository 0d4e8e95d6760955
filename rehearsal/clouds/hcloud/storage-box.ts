import type { StorageBoxArgs, StorageBoxState } from "@pulumi/hcloud/storageBox.js";
import type { StorageBoxSubaccountArgs, StorageBoxSubaccountState } from "@pulumi/hcloud/storageBoxSubaccount.js";
import { STORAGE_BOX_TYPES } from "../../../model/catalogue/hetzner.ts";
import type { Values } from "../../provider.ts";
import { amount, inner, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";
import { checkLabels } from "./labels.ts";
import { refuseLocation } from "./offers.ts";

const CLOSED = { reachableExternally: false, sambaEnabled: false, sshEnabled: false, webdavEnabled: false };
const TYPES: Readonly<Record<string, { size: number }>> = STORAGE_BOX_TYPES;

/** At least 12 characters of four kinds (docs.hetzner.com, storage box password policy). */
function refusePassword(password: string, refuse: (code: string, rule: string, remedy: string) => never): void {
  if (password.length < 12 || ![/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z0-9]/].every((kind) => kind.test(password)))
    refuse(
      "invalid_input",
      "the password does not satisfy the policy",
      "Use 12 or more characters with lower case, upper case, digits and others.",
    );
}

const storageBox = resourceTable<StorageBoxArgs, StorageBoxState>({
  kind: "framework",
  autoName: { maximum: 255 },
  readsAs: { accessSettings: { ...CLOSED, zfsEnabled: false }, deleteProtection: false, labels: {}, sshKeys: [] },
  nestedReadsAs: { ...CLOSED, zfsEnabled: false },
  keeps: ["server", "system", "username"],
  replacedBy: ["location", "sshKeys"],
  sets: ["sshKeys"],
  blind: ["password", "sshKeys"],
  neverStored: ["password"],
  unique: [["name"]],
  liftsProtection: true,
  check: checkLabels,
  rules(operation) {
    const { id, object, refuse } = operation;
    if (id === "") refuseLocation(operation);
    const type = text(object, "storageBoxType");
    if (!Object.hasOwn(TYPES, type))
      refuse(
        "invalid_input",
        `there is no storage box type "${type}"`,
        `Choose one of ${Object.keys(TYPES).join(", ")}.`,
      );
    refusePassword(text(object, "password"), refuse);
    const day = inner(object, "snapshotPlan")["dayOfWeek"];
    if (typeof day === "number" && (day < 0 || day > 6))
      refuse("invalid_input", `dayOfWeek is 0 (Sunday) to 6, found ${day}`, "Leave it out for every day.");
  },
  created({ cloud, object }) {
    const number = 500_000 + cloud.next("storageBox");
    return {
      ...opened(object),
      username: `u${number}`,
      server: `u${number}.your-storagebox.de`,
      system: `${text(object, "location").toUpperCase()}-BX${number % 1000}`,
    };
  },
  updated({ before, object, refuse }) {
    const [from, to] = [TYPES[text(before, "storageBoxType")], TYPES[text(object, "storageBoxType")]];
    if (from && to && to.size < from.size && amount(before, "usedGb") > to.size)
      refuse(
        "storage_box_type_too_small",
        `the box holds ${amount(before, "usedGb")} GB, ${text(object, "storageBoxType")} takes ${to.size} GB`,
        "Delete data first.",
      );
    return opened(object);
  },
});

const opened = (object: Values): Values => ({
  accessSettings: { ...CLOSED, zfsEnabled: false, ...inner(object, "accessSettings") },
});

const storageBoxSubaccount = resourceTable<StorageBoxSubaccountArgs, StorageBoxSubaccountState>({
  kind: "framework",
  readsAs: { accessSettings: { ...CLOSED, readonly: false }, description: "", labels: {} },
  nestedReadsAs: { ...CLOSED, readonly: false },
  optionalComputed: ["name"],
  keeps: ["server", "username"],
  replacedBy: ["storageBoxId"],
  blind: ["password"],
  neverStored: ["password"],
  importPath: ["storageBoxId", "id"],
  references: { storageBoxId: { type: "StorageBox", onDelete: "delete" } },
  check: checkLabels,
  rules: ({ object, refuse }) => refusePassword(text(object, "password"), refuse),
  created({ cloud, object }) {
    const box = cloud.get("StorageBox", text(object, "storageBoxId")) ?? {};
    const number = cloud.next(`subaccounts of ${text(object, "storageBoxId")}`);
    const username = `${text(box, "username")}-sub${number}`;
    return {
      accessSettings: { ...CLOSED, readonly: false, ...inner(object, "accessSettings") },
      name: object["name"] ?? username,
      username,
      server: `${username}.your-storagebox.de`,
    };
  },
  updated: ({ object }) => ({ accessSettings: { ...CLOSED, readonly: false, ...inner(object, "accessSettings") } }),
});

export const storageBoxTables = { StorageBox: storageBox, StorageBoxSubaccount: storageBoxSubaccount };
