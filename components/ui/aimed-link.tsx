"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link whose page is fetched ahead once somebody aims at it. One that stands on every page would else have the server
 * begin all pages that it leads to, just while the page that was asked for is made.
 */
export function AimedLink(
  props: Omit<ComponentProps<typeof Link>, "prefetch" | "onPointerEnter" | "onFocus">,
) {
  const [isAimedAt, setIsAimedAt] = useState(false);
  const aim = () => setIsAimedAt(true);
  return <Link {...props} prefetch={isAimedAt ? null : false} onPointerEnter={aim} onFocus={aim} />;
}
