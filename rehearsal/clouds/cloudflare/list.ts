import type { ListArgs, ListState } from "@pulumi/cloudflare/list.js";
import type { ListItemArgs, ListItemState } from "@pulumi/cloudflare/listItem.js";
import { CLOUDFLARE_FREE_LISTS } from "../../../model/catalogue/cloudflare-limits.ts";
import type { Values } from "../../provider.ts";
import { hex32, MADE_ON } from "../identifiers.ts";
import { inner, isZero, objects, same, text } from "../property-values.ts";
import { resourceTable } from "../resource-table.ts";

const KINDS = ["ip", "redirect", "hostname", "asn"];

const list = resourceTable<ListArgs, ListState>({
  kind: "framework",
  replacedBy: ["accountId", "kind", "name"],
  sets: ["items"],
  blind: ["items"],
  unique: [["accountId", "name"]],
  importPath: ["accountId", "id"],
  check(inputs, fail) {
    const { kind, name } = inputs;
    if (typeof kind === "string" && !KINDS.includes(kind))
      fail("kind", `kind is one of ${KINDS.join(", ")}, found "${kind}".`);
    if (typeof name === "string" && !/^[a-z0-9_]{1,50}$/.test(name))
      fail("name", `A list's name has up to 50 lower-case letters, digits and "_", found "${name}".`);
  },
  rules({ id, cloud, refuse }) {
    if (id === "" && cloud.all("List").length >= CLOUDFLARE_FREE_LISTS.lists)
      refuse(
        "10004",
        `the account has ${CLOUDFLARE_FREE_LISTS.lists} list, its maximum on the free plan`,
        "Use one list, or rules of a ruleset.",
      );
  },
  created: () => ({ createdOn: MADE_ON, modifiedOn: MADE_ON, numReferencingFilters: 0 }),
  derived: (object, id, cloud) => ({
    numItems: objects(object, "items").length + cloud.where("ListItem", "listId", id).length,
  }),
});

const listItem = resourceTable<ListItemArgs, ListItemState>({
  kind: "framework",
  keeps: [],
  nestedReadsAs: { statusCode: 301 },
  replacedBy: ["accountId", "listId", "asn", "ip", "hostname", "redirect"],
  replacedWhen: { comment: (_before, after) => !isZero(after) },
  references: { listId: { type: "List", onDelete: "delete" } },
  importPath: ["accountId", "listId", "id"],
  check(inputs, fail) {
    const given = KINDS.filter((kind) => inputs[kind] !== undefined);
    if (given.length !== 1)
      fail("ip", `Exactly one of ${KINDS.join(", ")} must be set, found ${given.join(" and ") || "none"}.`);
  },
  rules({ id, cloud, object, refuse }) {
    const kind = text(cloud.get("List", text(object, "listId")) ?? {}, "kind");
    if (isZero(object[kind]))
      refuse("10026", `the list is of kind ${kind}, the item is not`, `Give the item a property ${kind}.`);
    const key = (item: Values) =>
      item["ip"] ?? item["asn"] ?? inner(item, "hostname")["urlHostname"] ?? inner(item, "redirect")["sourceUrl"];
    const siblings = cloud.where("ListItem", "listId", object["listId"]).filter(([other]) => other !== id);
    const twice = siblings.find(([, item]) => same(key(item), key(object)));
    if (twice)
      refuse(
        "10035",
        `the list has an item for ${JSON.stringify(key(object))} already (${twice[0]})`,
        "Keep one; a replacement must delete the old item first (deleteBeforeReplace).",
      );
    if (siblings.length >= CLOUDFLARE_FREE_LISTS.items)
      refuse("10006", `the list has ${siblings.length} items, the maximum of the free plan`, "Remove some.");
  },
  created: ({ cloud, object }) => ({
    createdOn: MADE_ON,
    modifiedOn: MADE_ON,
    operationId: hex32(`operation ${cloud.next("operation")}`),
    ...(isZero(object["redirect"]) ? {} : { redirect: redirect(inner(object, "redirect")) }),
  }),
});

const redirect = (given: Values): Values => ({
  includeSubdomains: false,
  preservePathSuffix: false,
  preserveQueryString: false,
  statusCode: 301,
  subpathMatching: false,
  ...given,
});

export const listTables = { List: list, ListItem: listItem };
