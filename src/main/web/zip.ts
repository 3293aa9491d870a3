/** Packs files as they are, without compressing (what is attached mostly is already); names in UTF-8 (APPNOTE 4.3, 4.4.4 bit 11). */
export async function zip(files: { name: string; content: Blob }[]): Promise<Blob> {
  const pieces: BlobPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  const used = new Set<string>();
  let offset = 0;
  for (const file of files) {
    const name = new TextEncoder().encode(unique(file.name, used));
    const octets = new Uint8Array(await file.content.arrayBuffer());
    const sum = crc32(octets);
    const local = header(0x04034b50, 30, name, sum, octets.length, 0);
    pieces.push(local, octets);
    directory.push(header(0x02014b50, 46, name, sum, octets.length, offset));
    offset += local.length + octets.length;
  }
  const directorySize = directory.reduce((total, entry) => total + entry.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, directorySize, true);
  end.setUint32(16, offset, true);
  return new Blob([...pieces, ...directory, end.buffer], { type: "application/zip" });
}

function unique(name: string, used: Set<string>): string {
  let candidate = name;
  for (let i = 2; used.has(candidate.toLowerCase()); i++) candidate = name.replace(/(\.[^.]*)?$/, ` (${i})$1`);
  used.add(candidate.toLowerCase());
  return candidate;
}

/** A file's head, in front of it (30 octets) or in the directory (46). */
function header(signature: number, fixed: number, name: Uint8Array, sum: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(fixed + name.length);
  const view = new DataView(octets.buffer);
  const central = fixed === 46;
  view.setUint32(0, signature, true);
  let at = 4;
  if (central) {
    view.setUint16(at, 20, true);
    at += 2;
  }
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x0800, true);
  // Stored; the first day that the format knows: what time it was is nobody's business.
  view.setUint16(at + 8, (1 << 5) | 1, true);
  view.setUint32(at + 10, sum, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
  if (central) view.setUint32(42, offset, true);
  octets.set(name, fixed);
  return octets;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(octets: Uint8Array): number {
  let sum = 0xffffffff;
  for (const octet of octets) sum = TABLE[(sum ^ octet) & 0xff]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
