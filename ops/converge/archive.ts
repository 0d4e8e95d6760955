/** A file in an archive. */
export interface Entry {
  /** Relative. */
  readonly path: string;
  /** Octal. */
  readonly mode: string;
  /** `user:group` */
  readonly owner: string;
  readonly content: Uint8Array | string;
}

const BLOCK = 512;

/**
 * A tar archive in the POSIX ustar format, of plain files, with no times: the same files are the same bytes.
 * @throws Error for a path that the format cannot hold (255 bytes)
 */
export function archive(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content);
    return [header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** Field offsets are those of POSIX.1-2017, pax, "ustar Interchange Format". */
function header({ path, mode, owner }: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = split(path);
  const [user = "root", group = "root"] = owner.split(":");
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  const fields: readonly (readonly [number, string])[] = [
    [0, name],
    [100, octal(Number.parseInt(mode, 8), 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(size, 12)],
    [136, octal(0, 12)],
    [148, " ".repeat(8)],
    [156, "0"],
    [257, "ustar\x0000"],
    [265, user],
    [297, group],
    [345, prefix],
  ];
  for (const [offset, text] of fields) block.write(text, offset, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function split(path: string): [prefix: string, name: string] {
  if (path.length <= 100) return ["", path];
  const slash = path.indexOf("/", path.length - 101);
  if (slash > 0 && slash <= 155) return [path.slice(0, slash), path.slice(slash + 1)];
  throw new Error(`${path} is too long for an archive.\n  Allowed: 255 bytes, and 100 for the last part.`);
}
