/** `user.registered` in two versions: what was `name` in 1.0 is `full_name` in 2.0. */
export const USER_1 = {
  schema: {
    type: "object",
    required: ["id", "name"],
    properties: { id: { type: "integer" }, name: { type: "string" }, email: { type: "string" } },
  },
};

export const USER_2 = {
  schema: {
    type: "object",
    required: ["id", "full_name"],
    properties: { id: { type: "integer" }, full_name: { type: "string" }, email: { type: "string" } },
  },
  compatibility: "none",
  upcasters: [{ from: "1.0", steps: [{ kind: "rename", from: "/name", to: "full_name" }] }],
};
