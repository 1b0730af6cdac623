"use client";

import en from "./messages/en.json" with { type: "json" };

/** A page refers to this and doesn't carry it: in the browser it is part of a file that is kept there. */
export const ENGLISH = en;
