"use client";

import { useState } from "react";

export type FailingQuery = {
  isPending: boolean;
  /** The answer to another question stands in until there is one to this. */
  isPlaceholderData?: boolean;
  isLoadingError: boolean;
  error: Error | null;
  /** Of the attempt that is under way. */
  failureReason: Error | null;
  errorUpdateCount: number;
};

/**
 * Why there is nothing to show, until there is: it stays while it is tried again, however often that is. What stands in
 * for an answer says nothing about a question that failed.
 */
export function useFailure(query: FailingQuery): Error | null {
  const [failure, setFailure] = useState<Error | null>(null);
  const latest = isUnanswered(query) ? (failure ?? reasonBefore(query)) : reasonNow(query);
  if (latest !== failure) setFailure(latest);
  return latest;
}

function isUnanswered({ isPending, isPlaceholderData }: FailingQuery): boolean {
  return isPending || isPlaceholderData === true;
}

function reasonNow({ isLoadingError, error }: FailingQuery): Error | null {
  return isLoadingError ? error : null;
}

/** A read that is given up and asked for again at once is not seen to have failed: the count of failures remains. */
function reasonBefore({ errorUpdateCount, failureReason }: FailingQuery): Error | null {
  return errorUpdateCount > 0 ? failureReason : null;
}
