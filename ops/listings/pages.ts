import * as z from "zod";
import { type ReadOnlyApi, UnreadableCloud } from "./read-only-api.ts";

/** Pages that no account reaches: a list that never ends is a fault. */
const MOST_PAGES = 200;

type Query = Readonly<Record<string, string | number>>;

/** All of a list of Hetzner's: `meta.pagination.next_page` leads on (at most 50 a page). */
export async function hetznerList<T>(api: ReadOnlyApi, path: string, key: string, item: z.ZodType<T>): Promise<T[]> {
  const form = z.object({
    [key]: z.array(z.unknown()),
    meta: z.object({ pagination: z.object({ next_page: z.number().nullish() }) }),
  });
  return allPages(path, async (page) => {
    const answer = await api.get(path, { page, per_page: 50 }, form);
    const next = (answer["meta"] as { pagination: { next_page?: number | null } }).pagination.next_page;
    return { items: itemsOf(answer[key], key, item, path), more: next !== null && next !== undefined };
  });
}

/** All of a list of DigitalOcean's: there is more while `links.pages.next` is there (at most 200 a page). */
export async function digitalOceanList<T>(
  api: ReadOnlyApi,
  path: string,
  key: string,
  item: z.ZodType<T>,
): Promise<T[]> {
  const form = z.object({
    // A droplet-less account answers null for some lists.
    [key]: z.array(z.unknown()).nullable(),
    links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).nullish(),
  });
  return allPages(path, async (page) => {
    const answer = await api.get(path, { page, per_page: 200 }, form);
    const links = answer["links"] as { pages?: { next?: string } } | null | undefined;
    return { items: itemsOf(answer[key] ?? [], key, item, path), more: links?.pages?.next !== undefined };
  });
}

/**
 * All of a list of Cloudflare's: by page up to `result_info.total_pages`, or, where it gives cursors, from one to the next.
 * Short lists have neither.
 */
export async function cloudflareList<T>(
  api: ReadOnlyApi,
  path: string,
  query: Query & { readonly per_page?: number },
  item: z.ZodType<T>,
): Promise<T[]> {
  const form = z.object({
    success: z.literal(true),
    result: z.array(z.unknown()).nullable(),
    result_info: z
      .object({ total_pages: z.number().optional(), cursors: z.object({ after: z.string().optional() }).nullish() })
      .nullish(),
  });
  let cursor = "";
  return allPages(path, async (page) => {
    const place: Query = cursor !== "" ? { cursor } : query.per_page === undefined ? {} : { page };
    const answer = await api.get(path, { ...query, ...place }, form);
    cursor = answer.result_info?.cursors?.after ?? "";
    const more = cursor !== "" || page < (answer.result_info?.total_pages ?? 1);
    return { items: itemsOf(answer.result ?? [], "result", item, path), more };
  });
}

async function allPages<T>(path: string, read: (page: number) => Promise<{ items: T[]; more: boolean }>): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { items, more } = await read(page);
    all.push(...items);
    if (!more) return all;
    if (items.length === 0) break;
  }
  throw new UnreadableCloud(
    `The list ${path} does not end: an empty page announces another, or there are more than ${MOST_PAGES}.\n  A list that is cut off would look like deletions; try again later.`,
  );
}

function itemsOf<T>(items: unknown, key: string, item: z.ZodType<T>, path: string): T[] {
  const checked = z.array(item).safeParse(items);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new UnreadableCloud(
    `The answer to GET ${path} has another form at ${[key, ...(issue?.path ?? [])].map(String).join(".")}: ${issue?.message}.\n  The API may have changed.`,
  );
}
