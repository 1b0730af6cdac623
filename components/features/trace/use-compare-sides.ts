"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { TraceReference } from "#server/contract/sagas.ts";
import { toAddress, toReference } from "./compare-address.ts";

const PARAMS = {
  left: parseAsString,
  leftBy: parseAsString,
  leftSubject: parseAsString,
  right: parseAsString,
  rightBy: parseAsString,
  rightSubject: parseAsString,
};

/** Which two flows are compared: both stand in the address. */
export function useCompareSides() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const { left, leftBy, leftSubject, right, rightBy, rightSubject } = params;
  const one = useMemo(
    () => toReference({ value: left, by: leftBy, subject: leftSubject }),
    [left, leftBy, leftSubject],
  );
  const other = useMemo(
    () => toReference({ value: right, by: rightBy, subject: rightSubject }),
    [right, rightBy, rightSubject],
  );
  const choose = (sides: { left: TraceReference | null; right: TraceReference | null }) => {
    const [a, b] = [toAddress(sides.left), toAddress(sides.right)];
    return void setParams({
      left: a.value,
      leftBy: a.by,
      leftSubject: a.subject,
      right: b.value,
      rightBy: b.by,
      rightSubject: b.subject,
    });
  };
  return {
    left: one,
    right: other,
    chooseLeft: (reference: TraceReference) => choose({ left: reference, right: other }),
    chooseRight: (reference: TraceReference) => choose({ left: one, right: reference }),
    swap: () => choose({ left: other, right: one }),
  };
}
