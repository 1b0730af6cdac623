const BYTES_PER_LINE = 16;

export type HexLine = { offset: string; hex: string; characters: string };

/** The bytes of a base64 text. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/** Bytes as people read them: offset, hexadecimal, and the printable ASCII characters among them. */
export function toHexLines(bytes: Uint8Array): HexLine[] {
  const digits = Math.max(4, bytes.length.toString(16).length);
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const line = [...bytes.subarray(at, at + BYTES_PER_LINE)];
    lines.push({
      offset: at.toString(16).padStart(digits, "0"),
      hex: line.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      characters: line.map(toPrintable).join(""),
    });
  }
  return lines;
}

function toPrintable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
}
