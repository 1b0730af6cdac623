import type { EventData, EventEnvelope, EventShape } from "#server/domain/event.ts";
import { emptyEnvelope, invalid, parseInteger, setAttribute, UNMAPPED } from "../attributes.ts";
import { compactJson } from "../compact-json.ts";
import type { JsonObject } from "../json-slices.ts";
import { type Reading, type Refusal, refuse } from "../reading.ts";
import { isTimestamp, timestampFromEpoch } from "../timestamp.ts";

/** The member that each required attribute comes from, for messages. */
type RequiredMembers = { id: string; source: string; type: string };

/**
 * Takes the members of a foreign object into an envelope one by one. A member that is not taken, or whose
 * value can't be the attribute that it would be, is kept in the `unmapped` extension, so nothing is lost.
 */
export class Mapping {
  readonly event: EventEnvelope;
  readonly #object: JsonObject;
  readonly #values: Record<string, unknown>;
  readonly #taken = new Set<string>();
  /** Why a member could not be an attribute, by the attribute's name. */
  readonly #problems = new Map<string, Refusal>();

  constructor(shape: EventShape, object: JsonObject, values: Record<string, unknown>) {
    this.event = emptyEnvelope(shape);
    this.#object = object;
    this.#values = values;
  }

  /** Sets a text attribute from the first of the members that is there. A number is taken as it is written. */
  takeText(attribute: string, ...members: string[]): void {
    this.#take(attribute, members, (value, raw) => {
      if (typeof value === "number") return raw;
      return typeof value === "string" ? value : null;
    });
  }

  /** Sets an extension attribute that may be a string, an integer or a boolean. */
  takeValue(attribute: string, ...members: string[]): void {
    this.#take(attribute, members, (value, raw) => {
      if (typeof value === "number") return parseInteger(raw) ?? raw;
      return typeof value === "string" || typeof value === "boolean" ? value : null;
    });
  }

  /** Sets `time` from an RFC 3339 text, or from a number of seconds, milli-, micro- or nanoseconds since 1970. */
  takeTime(...members: string[]): void {
    this.#take("time", members, (value, raw) => {
      if (typeof value === "number") return timestampFromNumber(raw);
      return typeof value === "string" && isTimestamp(value) ? value : null;
    });
  }

  /** Makes the first of the members that is there the payload, as it is written. */
  takeData(...members: string[]): void {
    const member = members.find((name) => Object.hasOwn(this.#values, name));
    if (member === undefined) return;
    this.setData({ encoding: "json", text: this.#object.raw(member) ?? "null" }, "application/json");
    this.take(member);
  }

  setData(data: EventData, contentType: string): void {
    this.event.data = data;
    this.event.dataContentType = contentType;
  }

  /** Sets an attribute to a value that was made of other members. */
  set(attribute: string, value: string): void {
    const problem = setAttribute(this.event, attribute, value);
    if (problem !== null) this.#problems.set(attribute, problem);
  }

  /** Says of members that the envelope holds what they say. */
  take(member: string): void {
    this.#taken.add(member);
  }

  /** The event with what was not taken, or what keeps the object from being one. */
  finish(required: RequiredMembers): Reading {
    for (const attribute of ["id", "source", "type"] as const) {
      if (this.event[attribute] !== "") continue;
      const problem = this.#problems.get(attribute);
      if (problem !== undefined) return problem;
      const needs = Object.values(required).join(", ");
      return refuse(
        "missing-attribute",
        `${required[attribute]} is missing. An event in this shape needs ${needs}.`,
      );
    }
    const refusal = this.#keepUnmapped();
    return refusal ?? { kind: "event", event: this.event };
  }

  #take(
    attribute: string,
    members: string[],
    toValue: (value: unknown, raw: string) => string | number | boolean | null,
  ): void {
    for (const member of members) {
      const value = this.#values[member];
      if (value === undefined || !Object.hasOwn(this.#values, member)) continue;
      this.#taken.add(member);
      if (value === null) continue;
      const taken = toValue(value, this.#object.raw(member) ?? "");
      const problem =
        taken === null
          ? invalid(member, `can't be the event's ${attribute}`)
          : setAttribute(this.event, attribute, taken);
      if (problem === null) return;
      this.#taken.delete(member);
      this.#problems.set(attribute, problem);
    }
  }

  #keepUnmapped(): Refusal | null {
    const members: string[] = [];
    for (let member = 0; member < this.#object.memberCount; member += 1) {
      if (this.#taken.has(this.#object.key(member))) continue;
      members.push(`${this.#object.rawKey(member)}:${compactJson(this.#object.rawValue(member))}`);
    }
    if (members.length === 0) return null;
    return setAttribute(this.event, UNMAPPED, withoutForbiddenCharacters(`{${members.join(",")}}`));
  }
}

/** JSON allows characters in strings that attributes may not hold; escaped they are the same string. */
function withoutForbiddenCharacters(json: string): string {
  return json.replaceAll(/[\x7f-\x9f]|\p{Noncharacter_Code_Point}/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/** Numbers of this size mean one unit each: ten digits are seconds until the year 2286. */
function timestampFromNumber(raw: string): string | null {
  const [, whole, fraction] = /^(\d{1,19})(?:\.(\d{1,9}))?$/.exec(raw) ?? [];
  if (whole === undefined) return null;
  if (fraction !== undefined) {
    if (whole.length > 10) return null;
    return timestampFromEpoch(whole + fraction.padEnd(9, "0"), 9);
  }
  if (whole.length <= 10) return timestampFromEpoch(whole, 0);
  if (whole.length <= 13) return timestampFromEpoch(whole, 3);
  return timestampFromEpoch(whole, whole.length <= 16 ? 6 : 9);
}
