import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";

type CodeBlockProps = {
  code: string;
  /** What the copy button copies: "Copy command". */
  copyLabel?: string;
  className?: string;
};

/** A command or snippet to take away. For JSON that people read, use `JsonViewer`. */
export function CodeBlock({ code, copyLabel, className }: CodeBlockProps) {
  return (
    <div className={classNames("relative rounded-md border border-line bg-sunken text-left", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the arrow keys
        tabIndex={0}
        className="overflow-x-auto py-2.5 pr-10 pl-3 font-mono text-xs leading-5"
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={copyLabel} className="absolute top-1.5 right-1.5 bg-sunken" />
    </div>
  );
}
