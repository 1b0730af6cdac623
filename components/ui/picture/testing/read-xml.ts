export type XmlElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** Of the element itself, without that of what it holds. */
  text: string;
};

type Open = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };

/** Reads XML as strictly as a browser does a file of it: what is not well-formed is refused. */
export function readXml(source: string): XmlElement {
  const roots: XmlElement[] = [];
  const open: Open[] = [];
  let at = 0;
  for (const match of source.matchAll(/<(\/?)([A-Za-z][\w:.-]*)([^<>]*?)(\/?)>/g)) {
    const [tag, closing, name = "", attributes = "", selfClosing] = match;
    readText(source.slice(at, match.index), open.at(-1));
    at = match.index + tag.length;
    if (closing === "/") {
      const closed = open.pop();
      if (closed?.name !== name) throw new Error(`</${name}> closes <${closed?.name ?? "nothing"}>.`);
      (open.at(-1)?.children ?? roots).push(closed);
      continue;
    }
    const element = { name, attributes: readAttributes(attributes), children: [], text: "" };
    if (selfClosing === "/") (open.at(-1)?.children ?? roots).push(element);
    else open.push(element);
  }
  readText(source.slice(at), open.at(-1));
  const [root] = roots;
  if (open.length > 0 || root === undefined || roots.length > 1)
    throw new Error("There is not one root element.");
  return root;
}

/** Every element with a class, at any depth. */
export function findByClass(element: XmlElement, className: string): XmlElement[] {
  const inner = element.children.flatMap((child) => findByClass(child, className));
  return element.attributes.class === className ? [element, ...inner] : inner;
}

/** All text of an element, that of what it holds included. */
export function textOf({ text, children }: XmlElement): string {
  return [text, ...children.map(textOf)].join(" ");
}

function readText(text: string, element: Open | undefined): void {
  if (element === undefined) {
    if (text.trim() !== "") throw new Error(`Text outside of the root: ${text}`);
    return;
  }
  element.text += decode(text);
}

function readAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/\s+([A-Za-z][\w:.-]*)="([^"<]*)"/g, (_, name: string, value: string) => {
    if (name in found) throw new Error(`The attribute ${name} stands twice.`);
    found[name] = decode(value);
    return "";
  });
  if (rest.trim() !== "") throw new Error(`Not attributes: ${rest}`);
  return found;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decode(text: string): string {
  if (/[<>]/.test(text)) throw new Error(`Not escaped: ${text}`);
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text)) {
    throw new Error(`A character that XML can't hold: ${JSON.stringify(text)}`);
  }
  return text.replace(/&([^;&]*);?/g, (entity, name: string) => {
    const known =
      ENTITIES[name] ?? (name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : undefined);
    if (known === undefined || !entity.endsWith(";")) throw new Error(`Not an entity: ${entity}`);
    return known;
  });
}
