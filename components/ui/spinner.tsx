import { LoaderCircle } from "lucide-react";
import { classNames } from "./class-names.ts";

/** A turning circle for a control that waits; the control itself says so in words or with `aria-busy`. */
export function Spinner({ className }: { className?: string | undefined }) {
  return <LoaderCircle aria-hidden className={classNames("size-3.5 animate-spin", className)} />;
}
