import { classNames } from "./class-names.ts";

type NameEndProps = { children: string; className?: string; title?: string };

/** A name that is cut at its beginning where it has no room: names within one system differ at their ends. */
export function NameEnd({ children, className, title }: NameEndProps) {
  return (
    <span title={title} className={classNames("min-w-0 truncate text-left [direction:rtl]", className)}>
      <bdi dir="ltr">{children}</bdi>
    </span>
  );
}
